import { appendFile, open, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { PhotoStore } from '../../src/batches/photo-store.ts';
import type { Photo } from '../../src/data/dataset.ts';
import type { AugmentationPolicy } from '../../src/image/augment/policy.ts';
import { preparePicture } from '../../src/image/resize.ts';
import { folderWith, jpeg } from '../support/temporary.ts';

vi.mock(import('../../src/image/resize.ts'), async (original) => {
  const module = await original();
  return { ...module, preparePicture: vi.fn(module.preparePicture) };
});

const SIZE = 24;
const LENGTH = SIZE * SIZE * 3;
const decoded = vi.mocked(preparePicture);
const policy: AugmentationPolicy = [{ transform: 'rotate', probability: 1, strength: 0.5 }];

async function photosIn(folder: string, numbers: readonly number[]): Promise<Photo[]> {
  return Promise.all(
    numbers.map(async (number, index) => {
      const path = join(folder, `${index}.jpg`);
      await writeFile(path, await jpeg(number));
      return { id: String(index), name: `${index}.jpg`, location: { kind: 'file', path } } as const;
    }),
  );
}

/** What a store of these photos reads, and how many photos it decoded for it. */
async function readAll(photos: readonly Photo[], cache: string, onNotice?: (message: string) => void) {
  decoded.mockClear();
  const store = await PhotoStore.create(photos, { size: SIZE, cache, ...(onNotice && { onNotice }) });
  try {
    return { pictures: await store.read([...photos.keys()]), decodings: decoded.mock.calls.length };
  } finally {
    await store.release();
  }
}

/** The files of a cache that hold pictures. */
async function recordsIn(cache: string): Promise<string[]> {
  const names = await readdir(join(cache, 'photos'), { recursive: true }).catch((): string[] => []);
  return names.filter((name) => name.endsWith('.records')).map((name) => join(cache, 'photos', name));
}

describe('PhotoStore', () => {
  let cache: string;
  let photos: Photo[];

  beforeEach(async () => {
    cache = await folderWith();
    photos = await photosIn(await folderWith(), [0, 1, 2, 3, 4]);
  });

  it('holds what the resize gives', async () => {
    const { pictures } = await readAll(photos, cache);
    for (const [index] of photos.entries()) {
      const { data } = await preparePicture(await jpeg(index), SIZE);
      expect(Buffer.from(data).equals(pictures.subarray(index * LENGTH, (index + 1) * LENGTH))).toBe(true);
    }
  });

  it('decodes nothing the second time, whatever the photos are called, and only what is new the third', async () => {
    const first = await readAll(photos, cache);
    expect(first.decodings).toBe(5);
    const elsewhere = await photosIn(await folderWith(), [0, 1, 2, 3, 4, 5]);
    expect(await readAll(elsewhere.slice(0, 5), cache)).toEqual({ ...first, decodings: 0 });
    expect((await readAll(elsewhere, cache)).decodings).toBe(1);
  });

  it('decodes photos of another size anew', async () => {
    await readAll(photos, cache);
    decoded.mockClear();
    await (await PhotoStore.create(photos, { size: SIZE + 1, cache })).release();
    expect(decoded).toHaveBeenCalledTimes(5);
  });

  it('decodes the same photo once', async () => {
    const { pictures, decodings } = await readAll(await photosIn(await folderWith(), [7, 7, 8]), cache);
    expect(decodings).toBe(2);
    expect(pictures.subarray(0, LENGTH)).toEqual(pictures.subarray(LENGTH, 2 * LENGTH));
  });

  it('goes on where a run was stopped', async () => {
    const controller = new AbortController();
    const stopped = PhotoStore.create(await photosIn(await folderWith(), [...Array(24).keys()]), {
      size: SIZE,
      cache,
      signal: controller.signal,
      onProgress: (done) => {
        if (done === 4) controller.abort();
      },
    });
    await expect(stopped).rejects.toMatchObject({ code: 'INTERRUPTED' });
    const kept = (await stat((await recordsIn(cache))[0]!)).size / LENGTH;
    expect(kept).toBeGreaterThanOrEqual(4);
    expect(kept).toBeLessThan(24);
    const { decodings } = await readAll(await photosIn(await folderWith(), [...Array(24).keys()]), cache);
    expect(decodings).toBe(24 - kept);
  });

  it('decodes damaged records again, in batches of either kind', async () => {
    const { pictures } = await readAll(photos, cache);
    const [records] = await recordsIn(cache);
    const file = await open(records!, 'r+');
    await file.write(Buffer.from('damage'), 0, 6, LENGTH + 100);
    await file.truncate(5 * LENGTH - 1);
    await file.close();
    const again = await readAll(photos, cache);
    expect(again.decodings).toBe(2);
    expect(again.pictures).toEqual(pictures);
    const store = await PhotoStore.create(photos, { size: SIZE, cache });
    try {
      const into = new Uint8Array(new SharedArrayBuffer(5 * LENGTH));
      const request = { into, indices: [0, 1, 2, 3, 4], first: 0, policy, stream: 'x' };
      await store.augment(request);
      const whole = Buffer.from(into);
      for (const path of await recordsIn(cache)) {
        const { size } = await stat(path);
        await writeFile(path, Buffer.alloc(size, 7));
      }
      await store.augment(request);
      expect(whole.equals(into)).toBe(true);
    } finally {
      await store.release();
    }
  });

  it('takes half an entry at the end of the list for none', async () => {
    const { pictures } = await readAll(photos, cache);
    await appendFile((await recordsIn(cache))[0]!.replace(/records$/, 'keys'), Buffer.alloc(61, 1));
    expect(await readAll(photos, cache)).toEqual({ pictures, decodings: 0 });
  });

  it('lets two runs at once fill one cache', async () => {
    const [a, b] = await Promise.all([
      PhotoStore.create(photos, { size: SIZE, cache }),
      PhotoStore.create(photos, { size: SIZE, cache }),
    ]);
    const indices = [0, 1, 2, 3, 4];
    expect(await a.read(indices)).toEqual(await b.read(indices));
    await a.release();
    await b.release();
    expect((await readAll(photos, cache)).decodings).toBe(0);
  });

  it('goes on in the temporary folder where the cache cannot be written, and says so', async () => {
    const { pictures } = await readAll(photos, cache);
    // A file where a folder has to be is refused to every user, the superuser too.
    const blocked = await folderWith({ photos: 'not a folder' });
    const notices: string[] = [];
    const elsewhere = await readAll(photos, blocked, (message) => notices.push(message));
    expect(elsewhere).toEqual({ pictures, decodings: 5 });
    expect(notices).toHaveLength(1);
    expect(notices[0]).toMatch(/^decoded photos cannot be kept in .*; for this run they are in /);
  });

  it('keeps nothing without a cache', async () => {
    const store = await PhotoStore.create(photos, { size: SIZE });
    expect((await store.read([3])).length).toBe(LENGTH);
    await store.release();
    expect(await recordsIn(cache)).toEqual([]);
  });

  it('refuses a photo that changed since it was read first', async () => {
    const store = await PhotoStore.create(photos, { size: SIZE, cache });
    await writeFile((await recordsIn(cache))[0]!, '');
    await writeFile(photos[2]!.location.kind === 'file' ? photos[2]!.location.path : '', await jpeg(9));
    await expect(store.read([2])).rejects.toMatchObject({ code: 'DATA_INVALID' });
    await store.release();
  });

  it('counts what it reads and lists every photo it cannot', async () => {
    const broken = { id: 'x', name: 'x.jpg', location: { kind: 'file', path: join(cache, 'missing') } } as const;
    const counts: number[] = [];
    const failure = PhotoStore.create([...photos, broken], { size: SIZE, onProgress: (done) => counts.push(done) });
    await expect(failure).rejects.toMatchObject({ code: 'DATA_INVALID', problems: [{ file: 'x.jpg' }] });
    expect(counts).toEqual([1, 2, 3, 4, 5, 6]);
  });
});
