import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { jpegHeader } from '../../src/image/jpeg-header.ts';

const picture = () => sharp({ create: { width: 37, height: 301, channels: 3, background: 'teal' } });

describe('jpegHeader', () => {
  it.each([
    ['baseline', () => picture().jpeg()],
    ['progressive', () => picture().jpeg({ progressive: true })],
    ['grey', () => picture().greyscale().jpeg()],
    ['with a colour profile', () => picture().withIccProfile('p3').jpeg()],
  ])('reads the size of a %s JPEG', async (_, draw) => {
    expect(jpegHeader(await draw().toBuffer())).toEqual({ width: 37, height: 301 });
  });

  it.each([
    ['a turned JPEG', () => picture().withMetadata({ orientation: 6 }).jpeg()],
    ['a CMYK JPEG', () => picture().toColourspace('cmyk').jpeg()],
    ['a PNG', () => picture().png()],
  ])('leaves %s to the library', async (_, draw) => {
    expect(jpegHeader(await draw().toBuffer())).toBeUndefined();
  });

  it('ends on anything that is cut off or made up', async () => {
    const bytes = await picture().jpeg().toBuffer();
    for (let length = 0; length < 160; length += 1) {
      expect([undefined, { width: 37, height: 301 }]).toContainEqual(jpegHeader(bytes.subarray(0, length)));
    }
    expect(jpegHeader(Buffer.from([0xff, 0xd8, ...Array<number>(64).fill(0)]))).toBeUndefined();
    expect(jpegHeader(Buffer.alloc(64, 0xff))).toBeUndefined();
    const zero = Buffer.from([0xff, 0xd8, 0xff, 0xc0, 0, 17, 8, 0, 0, 0, 0, 3, 1, 0x11, 0]);
    expect(jpegHeader(zero)).toBeUndefined();
  });
});
