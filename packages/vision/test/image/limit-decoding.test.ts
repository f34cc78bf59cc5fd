import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import sharp from 'sharp';
import { afterEach, describe, expect, it } from 'vitest';
import { limitDecoding, pixels } from '../../src/image/decode.ts';

const PHOTOS = 12;

afterEach(() => limitDecoding(0));

/** Decodes photos of the given numbers of pixels, each of which is held until it is let go. */
async function heldPhotos(sizes: readonly number[]) {
  const blank = sharp({ create: { width: 4, height: 4, channels: 3, background: '#888' } });
  const decoded = await blank.raw().toBuffer({ resolveWithObject: true });
  const held: (() => void)[] = [];
  const photos = sizes.map((size) => {
    const pipeline = sharp({ create: { width: 4, height: 4, channels: 3, background: '#888' } });
    const wait = () => new Promise<typeof decoded>((resolve) => held.push(() => resolve(decoded)));
    return pixels({ pipeline: Object.assign(pipeline, { toBuffer: wait }), width: size, height: 1 });
  });
  const release = async (): Promise<void> => {
    for (let next = 0; next < sizes.length; next += 1) {
      await setImmediate();
      held[next]?.();
    }
    for (const { width, data } of await Promise.all(photos)) expect([width, data.length]).toEqual([4, 48]);
  };
  return { held, release };
}

const SMALL = 2 ** 20;
const cores = availableParallelism();

describe('limitDecoding', () => {
  it.each([
    [1, SMALL],
    [4, SMALL],
    [1, SMALL + 1],
    [4, SMALL + 1],
  ])('%d photos of %d pixels at once, the next when one is done', async (threads, size) => {
    limitDecoding(threads);
    expect(sharp.concurrency()).toBe(1);
    const { held, release } = await heldPhotos(Array.from({ length: PHOTOS }, () => size));
    for (let begun = threads; begun <= PHOTOS; begun += 1) {
      await setImmediate();
      expect(held).toHaveLength(begun);
      held[begun - threads]!();
    }
    await release();
  });

  it('without a limit two small ones a core, or a large one', async () => {
    limitDecoding(0);
    const small = await heldPhotos(Array.from({ length: 2 * cores + 1 }, () => SMALL));
    await setImmediate();
    expect(small.held).toHaveLength(2 * cores);
    await small.release();

    const large = await heldPhotos(Array.from({ length: cores + 1 }, () => SMALL + 1));
    await setImmediate();
    expect(large.held).toHaveLength(cores);
    await large.release();

    const mixed = await heldPhotos([SMALL, ...Array.from({ length: cores }, () => SMALL + 1)]);
    await setImmediate();
    expect(mixed.held).toHaveLength(cores);
    await mixed.release();
  });
});
