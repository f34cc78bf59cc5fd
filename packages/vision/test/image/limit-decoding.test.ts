import { setImmediate } from 'node:timers/promises';
import sharp from 'sharp';
import { afterEach, describe, expect, it } from 'vitest';
import { limitDecoding, pixels } from '../../src/image/decode.ts';

const PHOTOS = 12;

afterEach(() => limitDecoding(0));

/** Decodes photos each of which is held until `release` lets it go. */
async function heldPhotos() {
  const blank = sharp({ create: { width: 4, height: 4, channels: 3, background: '#888' } });
  const decoded = await blank.raw().toBuffer({ resolveWithObject: true });
  const held: (() => void)[] = [];
  const photos = Array.from({ length: PHOTOS }, () => {
    const pipeline = sharp({ create: { width: 4, height: 4, channels: 3, background: '#888' } });
    const wait = () => new Promise<typeof decoded>((resolve) => held.push(() => resolve(decoded)));
    return pixels(Object.assign(pipeline, { toBuffer: wait }));
  });
  return { held, photos };
}

describe('limitDecoding', () => {
  it.each([1, 4])('%d photos at once, the next when one is done', async (threads) => {
    limitDecoding(threads);
    expect(sharp.concurrency()).toBe(1);
    const { held, photos } = await heldPhotos();
    for (let begun = threads; begun <= PHOTOS; begun += 1) {
      await setImmediate();
      expect(held).toHaveLength(begun);
      held[begun - threads]!();
    }
    for (const release of held) release();
    for (const { width, data } of await Promise.all(photos)) expect([width, data.length]).toEqual([4, 48]);
  });
});
