import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { augmentBatch } from '../../src/batches/augment-worker.ts';
import { batches } from '../../src/batches/batches.ts';
import { PhotoStore } from '../../src/batches/photo-store.ts';
import type { Photo } from '../../src/data/dataset.ts';
import type { AugmentationPolicy } from '../../src/image/augment/policy.ts';
import { folderWith, jpeg } from '../support/temporary.ts';

const SIZE = 24;
const policy: AugmentationPolicy = [
  { transform: 'rotate', probability: 1, strength: 0.5 },
  { transform: 'gaussian-noise', probability: 1, strength: 0.3 },
];

async function photos(folder: string, count: number): Promise<Photo[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const path = join(folder, `${index}.jpg`);
      await writeFile(path, await jpeg(index));
      return { id: String(index), name: `${index}.jpg`, location: { kind: 'file', path } } as const;
    }),
  );
}

let folder: string;
let store: PhotoStore;
const options = { order: [4, 1, 4, 0, 2, 3, 1], batchSize: 3, policy, seed: 7, stream: 'run', epoch: 2 };

async function collect(
  overrides: Partial<typeof options> = {},
): Promise<{ indices: readonly number[]; images: Uint8Array }[]> {
  const result = [];
  for await (const { indices, images } of batches(store, { ...options, ...overrides }))
    result.push({ indices, images: images.slice() });
  return result;
}

describe('batches', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'busana-batches-'));
    store = await PhotoStore.create(await photos(folder, 5), { size: SIZE });
  });
  afterAll(async () => {
    await store.release();
    await rm(folder, { recursive: true, force: true });
  });

  it('come in the order asked for, the last one short', async () => {
    expect((await collect()).map(({ indices }) => indices)).toEqual([[4, 1, 4], [0, 2, 3], [1]]);
    expect((await collect()).map(({ images }) => images.length)).toEqual([3, 3, 1].map((n) => n * SIZE * SIZE * 3));
  });

  it('are what the same draws give without any thread', async () => {
    const into = new Uint8Array(new SharedArrayBuffer(3 * SIZE * SIZE * 3));
    augmentBatch({
      pictures: store.pictures,
      size: SIZE,
      into,
      indices: [0, 2, 3],
      first: 3,
      policy,
      stream: '7/run/2',
    });
    expect((await collect())[1]!.images).toEqual(Uint8Array.from(into));
  });

  it('repeat with the seed, change with the epoch, and draw a photo that comes twice differently', async () => {
    const first = await collect();
    expect(await collect()).toEqual(first);
    expect((await collect({ epoch: 3 }))[0]!.images).not.toEqual(first[0]!.images);
    const length = SIZE * SIZE * 3;
    expect(first[0]!.images.subarray(0, length)).not.toEqual(first[0]!.images.subarray(2 * length));
  });

  it('are the photos themselves when nothing is drawn', async () => {
    const [batch] = await collect({ policy: [] });
    expect(batch!.images).toEqual(await store.read([4, 1, 4]));
  });

  it('can be left early and asked for again', async () => {
    for await (const { indices } of batches(store, options)) {
      expect(indices).toEqual([4, 1, 4]);
      break;
    }
    expect(await collect()).toHaveLength(3);
  });

  it('raise what a worker raises', async () => {
    const broken = JSON.parse(
      '[{"transform": "no such thing", "probability": 1, "strength": 1}]',
    ) as AugmentationPolicy;
    await expect(collect({ policy: broken })).rejects.toMatchObject({ code: 'INTERNAL' });
  });
});

describe('PhotoStore', () => {
  it('counts what it reads and lists every photo it cannot', async () => {
    const list = await photos(await folderWith(), 4);
    const broken = { id: 'x', name: 'x.jpg', location: { kind: 'file', path: `${list[0]!.name}-missing` } } as const;
    const counts: number[] = [];
    const failure = PhotoStore.create([...list, broken], { size: SIZE, onProgress: (done) => counts.push(done) });
    await expect(failure).rejects.toMatchObject({ code: 'DATA_INVALID', problems: [{ file: 'x.jpg' }] });
    expect(counts).toEqual([1, 2, 3, 4, 5]);
  });
});
