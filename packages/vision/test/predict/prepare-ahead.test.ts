import { join } from 'node:path';
import sharp from 'sharp';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Photo } from '../../src/data/dataset.ts';
import { preparePicture } from '../../src/image/resize.ts';
import { batchSize, prepareBatches } from '../../src/predict/prepare-ahead.ts';
import { folderWith, jpeg } from '../support/temporary.ts';

const photoAt = (path: string): Photo => ({ id: path, name: path, location: { kind: 'file', path } });

/** Waits until nothing has changed for a while. */
async function settled(value: () => number): Promise<number> {
  for (let last = -1; last !== value();) {
    last = value();
    await setTimeout(50);
  }
  return value();
}

describe('batchSize', () => {
  it('follows the pixels of the input, within limits', () => {
    expect([32, 160, 224, 256, 384, 1024].map((size) => batchSize([size]))).toEqual([64, 31, 16, 12, 5, 1]);
    expect(batchSize([160, 384, 224])).toBe(5);
  });
});

describe('prepareBatches', () => {
  it('asks for photos as they are needed, however many there are, and lets the source go', async () => {
    const folder = await folderWith({ 'a.jpg': await jpeg() });
    let [asked, released] = [0, false];
    function* endless(): Generator<Photo> {
      try {
        for (; ; asked += 1) yield photoAt(join(folder, 'a.jpg'));
      } finally {
        released = true;
      }
    }
    const batches = prepareBatches(endless(), [224]);
    for (let batch = 1; batch <= 3; batch += 1) {
      expect((await batches.next()).value).toHaveLength(16);
      // What the consumer works on, and three batches more.
      expect(await settled(() => asked)).toBeLessThanOrEqual((batch + 3) * 16);
    }
    // While the consumer worked on the third, the next ones were decoded.
    expect(asked).toBeGreaterThanOrEqual(6 * 16 - 1);
    await batches.return(undefined);
    await settled(() => asked);
    expect(released).toBe(true);
  });

  it('keeps the order, and says of a photo that cannot be read why', async () => {
    const files = { '0.jpg': await jpeg(0), '1.jpg': 'no picture', '3.jpg': await jpeg(3) };
    const folder = await folderWith(files);
    const photos = [0, 1, 2, 3].map((number) => photoAt(join(folder, `${number}.jpg`)));
    const found = [];
    for await (const batch of prepareBatches(photos, [500])) found.push(batch);
    expect(found.map((batch) => batch.length)).toEqual([3, 1]);
    expect(found.flat().map(({ photo }) => photo)).toEqual(photos);
    expect(found.flat().map((item) => ('pictures' in item ? item.pictures[0]!.length : item.reason))).toEqual([
      500 * 500 * 3,
      expect.stringMatching(/not a picture/),
      expect.stringMatching(/cannot be opened/),
      500 * 500 * 3,
    ]);
  });

  it('makes a picture of each size of each photo, also of more photos than may be decoded at once', async () => {
    const folder = await folderWith({
      'large.jpg': await sharp(await jpeg())
        .resize(4000, 4000)
        .jpeg()
        .toBuffer(),
    });
    const photos = Array.from({ length: 8 }, () => photoAt(join(folder, 'large.jpg')));
    const found = [];
    for await (const batch of prepareBatches(photos, [48, 32])) found.push(...batch);
    expect(found.map((item) => ('pictures' in item ? item.pictures.map(({ length }) => length) : item))).toEqual(
      photos.map(() => [48 * 48 * 3, 32 * 32 * 3]),
    );
  });

  it('gives what a slow list has brought before it fails, then the failure', async () => {
    const folder = await folderWith({ 'a.jpg': await jpeg() });
    async function* list(): AsyncGenerator<Photo> {
      for (let index = 0; index < 5; index += 1) {
        await setTimeout(5);
        yield photoAt(join(folder, 'a.jpg'));
      }
      throw new Error('line 6 is wrong');
    }
    const batches = prepareBatches(list(), [500]);
    expect((await batches.next()).value).toHaveLength(3);
    expect((await batches.next()).value).toHaveLength(2);
    await expect(batches.next()).rejects.toThrow('line 6 is wrong');
  });
});

describe('admit', () => {
  it('is asked for the pixels of the file before they are decoded', async () => {
    let admitted: (() => void) | undefined;
    const asked: number[] = [];
    const gate = new Promise<void>((resolve) => (admitted = resolve));
    let done = false;
    const picture = preparePicture(await jpeg(), 8, { admit: (pixels) => (asked.push(pixels), gate) });
    void picture.then(() => (done = true));
    await setTimeout(100);
    expect([asked, done]).toEqual([[32 * 32], false]);
    admitted!();
    expect((await picture).data).toHaveLength(8 * 8 * 3);
  });
});
