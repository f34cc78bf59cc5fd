import { Random } from '@busana/engine';
import fc from 'fast-check';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { enlarge, enlarges } from '../../src/image/enlarge.ts';
import { preparePicture } from '../../src/image/resize.ts';
import { sharedData } from '../support/shared-data.ts';

/** Noise has every value next to every other. */
function noise(width: number, height: number, seed: number): Uint8Array {
  const random = Random.of('noise', seed);
  return Uint8Array.from({ length: width * height * 3 }, () => random.integer(0, 255));
}

function resized(pipeline: Sharp, size: number): Promise<Buffer> {
  return pipeline.resize(size, size, { fit: 'fill', kernel: 'cubic', fastShrinkOnLoad: false }).raw().toBuffer();
}

/** A photo up to upright RGB, as it is without our own loops. */
function upright(bytes: Uint8Array): Sharp {
  return sharp(bytes, { failOn: 'truncated' })
    .autoOrient()
    .flatten({ background: 'white' })
    .toColourspace('srgb')
    .removeAlpha();
}

const side = fc.integer({ min: 1, max: 96 });

describe('enlarge', () => {
  it('gives the bits that libvips gives, for any two sizes', async () => {
    await fc.assert(
      fc.asyncProperty(side, side, side, fc.integer(), async (width, height, size, seed) => {
        fc.pre(enlarges({ width, height }, size));
        const data = noise(width, height, seed);
        const expected = await resized(sharp(data, { raw: { width, height, channels: 3 } }), size);
        expect(expected.equals(enlarge({ width, height, data }, size).data)).toBe(true);
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it.each([
    [200, 200, 224],
    [60, 80, 224],
    [223, 1, 224],
    [640, 480, 1024],
  ])('takes %i x %i to %i as libvips does', async (width, height, size) => {
    const data = noise(width, height, 0);
    const expected = await resized(sharp(data, { raw: { width, height, channels: 3 } }), size);
    expect(expected.equals(enlarge({ width, height, data }, size).data)).toBe(true);
  });

  it('leaves to the library what is larger in one direction, or has the size already', () => {
    expect(enlarges({ width: 225, height: 10 }, 224)).toBe(false);
    expect(enlarges({ width: 10, height: 225 }, 224)).toBe(false);
    expect(enlarges({ width: 224, height: 224 }, 224)).toBe(false);
    expect(enlarges({ width: 224, height: 223 }, 224)).toBe(true);
  });
});

describe('preparePicture', () => {
  const raw = { width: 40, height: 30, channels: 3 } as const;

  it.each([
    ['a JPEG', () => sharp(noise(40, 30, 1), { raw }).jpeg()],
    [
      'a turned JPEG',
      () =>
        sharp(noise(40, 30, 2), { raw })
          .withMetadata({ orientation: 6 })
          .jpeg(),
    ],
    [
      'a progressive grey JPEG',
      () =>
        sharp(noise(40, 30, 3), { raw })
          .greyscale()
          .jpeg({ progressive: true }),
    ],
    [
      'a CMYK JPEG',
      () =>
        sharp(noise(40, 30, 4), { raw })
          .toColourspace('cmyk')
          .jpeg(),
    ],
    [
      'a PNG of 16 bits',
      () =>
        sharp(noise(40, 30, 5), { raw })
          .toColourspace('rgb16')
          .png(),
    ],
    [
      'a PNG with alpha',
      () =>
        sharp(noise(40, 30, 6), { raw })
          .ensureAlpha(0.4)
          .png(),
    ],
    ['a palette', () => sharp(noise(40, 30, 7), { raw }).png({ palette: true })],
    ['a WebP', () => sharp(noise(40, 30, 8), { raw }).webp()],
  ])('enlarges %s as the library alone would', async (_, draw) => {
    const bytes = await draw().toBuffer();
    expect((await resized(upright(bytes), 64)).equals((await preparePicture(bytes, 64)).data)).toBe(true);
  });

  it.skipIf(sharedData === undefined)("enlarges the competition's photos as the library alone would", async () => {
    const folder = join(sharedData ?? '', 'hology/train');
    const names = (await readdir(folder)).filter((_, index) => index % 16 === 0);
    expect(names.length).toBeGreaterThan(40);
    for (const name of names) {
      const bytes = await readFile(join(folder, name));
      const { data } = await preparePicture(bytes, 224);
      expect((await resized(upright(bytes), 224)).equals(data), name).toBe(true);
    }
  });
});
