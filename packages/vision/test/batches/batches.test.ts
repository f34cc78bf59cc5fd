import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { Random } from '@busana/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { batches } from '../../src/batches/batches.ts';
import { PhotoStore, type AugmentRequest } from '../../src/batches/photo-store.ts';
import type { Photo } from '../../src/data/dataset.ts';
import { augment } from '../../src/image/augment/apply.ts';
import type { AugmentationPolicy } from '../../src/image/augment/policy.ts';
import { jpeg } from '../support/temporary.ts';

const SIZE = 24;
const LENGTH = SIZE * SIZE * 3;
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
    const photos = await store.read([0, 2, 3]);
    const drawn = [0, 1, 2].map((position) => {
      const data = photos.subarray(position * LENGTH, (position + 1) * LENGTH);
      const random = Random.of('7/run/2', 'augment', 3 + position);
      return augment({ width: SIZE, height: SIZE, data }, policy, random).data;
    });
    expect(Buffer.from((await collect())[1]!.images).equals(Buffer.concat(drawn))).toBe(true);
  });

  it('repeat with the seed, change with the epoch, and draw a photo that comes twice differently', async () => {
    const first = await collect();
    expect(await collect()).toEqual(first);
    expect((await collect({ epoch: 3 }))[0]!.images).not.toEqual(first[0]!.images);
    expect(first[0]!.images.subarray(0, LENGTH)).not.toEqual(first[0]!.images.subarray(2 * LENGTH));
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

  it('are made three ahead while one is in use, never more, in three buffers', async () => {
    const asked: AugmentRequest[] = [];
    const counting = {
      size: SIZE,
      augment: async (request: AugmentRequest) => {
        asked.push(request);
        await store.augment(request);
      },
    };
    const order = Array.from({ length: 20 }, (_, index) => index % 5);
    const handedOut = new Set<ArrayBufferLike>();
    let used = 0;
    for await (const { images } of batches(counting, { ...options, order, batchSize: 2 })) {
      used += 1;
      handedOut.add(images.buffer);
      expect(asked).toHaveLength(Math.min(used + 3, 10));
    }
    expect(used).toBe(10);
    expect(handedOut.size).toBe(1);
    expect(new Set(asked.map(({ into }) => into.buffer)).size).toBe(3);
  });

  it('are there at once when a step took longer than making them', async () => {
    const waits: number[] = [];
    let start = Infinity;
    const order = Array.from({ length: 8 }, (_, index) => index % 5);
    const slow = {
      size: SIZE,
      augment: (request: AugmentRequest) => setTimeout(400).then(() => store.augment(request)),
    };
    for await (const { indices } of batches(slow, { ...options, order, batchSize: 1 })) {
      expect(indices).toHaveLength(1);
      if (start !== Infinity) waits.push(performance.now() - start);
      await setTimeout(250);
      start = performance.now();
    }
    // Made one after the other, each would take 400 ms.
    expect(Math.max(...waits)).toBeLessThan(100);
  });

  it('raise what a worker raises', async () => {
    const broken = JSON.parse(
      '[{"transform": "no such thing", "probability": 1, "strength": 1}]',
    ) as AugmentationPolicy;
    await expect(collect({ policy: broken })).rejects.toMatchObject({ code: 'INTERNAL' });
  });
});
