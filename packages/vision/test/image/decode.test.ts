import { crc32, deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodePicture } from '../../src/image/decode.ts';
import { preparePicture } from '../../src/image/resize.ts';

/** Left half red, right half blue, a green top left corner: every turn and mirror image is another picture. */
function sample(width = 40, height = 20): Buffer {
  const data = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const colour = x < width / 4 && y < height / 2 ? [0, 200, 0] : x < width / 2 ? [200, 0, 0] : [0, 0, 200];
      data.set(colour, (y * width + x) * 3);
    }
  }
  return data;
}
const raw = { raw: { width: 40, height: 20, channels: 3 as const } };
const at = ({ data, width }: { data: Uint8Array; width: number }, x: number, y: number): number[] =>
  Array.from(data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3));
const near = (found: readonly number[], wanted: readonly number[], within: number): void =>
  found.forEach((value, channel) => expect(Math.abs(value - wanted[channel]!)).toBeLessThanOrEqual(within));

function chunk(type: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), content]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(content.length);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

/** A PNG of a declared size, 1 bit grey, with whatever pixel data. */
function png(width: number, height: number, pixels: Buffer): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header.set([1, 0, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]);
}

describe('what is no photo is refused with a reason', () => {
  it.each([
    ['an empty file', Buffer.alloc(0), /empty/],
    ['text', Buffer.from('this is not a photo, whatever its name says'), /not a picture/],
    ['HTML', Buffer.from('<!doctype html><html><body>hello</body></html>'), /not a picture|not a photo/],
    ['a drawing', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'), /svg, not a photo/],
  ])('%s', async (_what, bytes, reason) => {
    await expect(decodePicture(bytes)).rejects.toMatchObject({
      code: 'IMAGE_UNREADABLE',
      message: expect.stringMatching(reason) as string,
    });
  });

  it('a truncated JPEG', async () => {
    const whole = await sharp(sample(), raw).resize(200, 200).jpeg().toBuffer();
    await expect(decodePicture(whole.subarray(0, whole.length >> 1))).rejects.toMatchObject({
      code: 'IMAGE_UNREADABLE',
    });
  });

  it('the same one however many others are decoded at the time', async () => {
    const whole = await sharp(sample(), raw).resize(200, 200).jpeg().toBuffer();
    const truncated = whole.subarray(0, whole.length >> 1);
    const badPixels = png(64, 64, Buffer.from('rubbish'));
    const reasonOf = (bytes: Buffer): Promise<string> =>
      decodePicture(bytes).then(
        () => 'none',
        (error: Error) => error.message,
      );
    const files = [truncated, badPixels, whole];
    const alone: string[] = [];
    for (const file of files) alone.push(await reasonOf(file));
    expect(alone).toEqual([expect.stringMatching(/premature end/), expect.stringMatching(/png/), 'none']);
    const many = Array.from({ length: 60 }, (_, index) => index % files.length);
    const reasons = await Promise.all(many.map((index) => reasonOf(files[index]!)));
    expect(reasons).toEqual(many.map((index) => alone[index]));
  });

  it('a picture of 30,000 x 30,000, from its header alone', async () => {
    // The pixel data is rubbish: had anything tried to decode it, the error would be another.
    await expect(decodePicture(png(30_000, 30_000, Buffer.from('rubbish')))).rejects.toMatchObject({
      code: 'IMAGE_TOO_LARGE',
      message: expect.stringContaining('30000 x 30000') as string,
    });
    const small = png(8, 8, deflateSync(Buffer.alloc(16)));
    expect(await decodePicture(small)).toMatchObject({ width: 8, height: 8 });
    await expect(decodePicture(small, { maxPixels: 63 })).rejects.toMatchObject({ code: 'IMAGE_TOO_LARGE' });
  });
});

describe('whatever a photo is stored as becomes upright RGB', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('EXIF orientation %i', async (orientation) => {
    const upright = await decodePicture(await sharp(sample(), raw).png().toBuffer());
    // How a camera held that way stores the picture. In one pipeline sharp mirrors before it turns.
    const undo: Record<number, (image: Sharp) => Sharp> = {
      1: (image) => image,
      2: (image) => image.flop(),
      3: (image) => image.rotate(180),
      4: (image) => image.flip(),
      5: (image) => image.rotate(270).flop(),
      6: (image) => image.rotate(270),
      7: (image) => image.rotate(90).flop(),
      8: (image) => image.rotate(90),
    };
    const stored = await undo[orientation]!(sharp(sample(), raw)).png().toBuffer();
    const bytes = await sharp(stored)
      .withMetadata({ orientation })
      .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
      .toBuffer();
    const decoded = await decodePicture(bytes);
    expect([decoded.width, decoded.height]).toEqual([40, 20]);
    for (const [x, y] of [
      [3, 3],
      [3, 16],
      [15, 3],
      [30, 10],
    ] as const)
      near(at(decoded, x, y), at(upright, x, y), 8);
  });

  it('CMYK', async () => {
    const bytes = await sharp(sample(), raw).toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer();
    const { data, width, height } = await decodePicture(bytes);
    expect(data.length).toBe(width * height * 3);
    const [red, , blue] = at({ data, width }, 15, 15);
    expect(red).toBeGreaterThan(blue! + 60);
  });

  it('16 bits a channel, greyscale, palette and WebP', async () => {
    const sixteen = await sharp(sample(), raw).toColourspace('rgb16').png().toBuffer();
    near(at(await decodePicture(sixteen), 30, 10), [0, 0, 200], 2);
    const grey = await sharp(sample(), raw).greyscale().png().toBuffer();
    const [r, g, b] = at(await decodePicture(grey), 3, 3);
    expect([g, b]).toEqual([r, r]);
    const palette = await sharp(sample(), raw).png({ palette: true, colours: 8 }).toBuffer();
    near(at(await decodePicture(palette), 30, 10), [0, 0, 200], 8);
    const webp = await sharp(sample(), raw).webp({ lossless: true }).toBuffer();
    expect(at(await decodePicture(webp), 3, 3)).toEqual([0, 200, 0]);
  });

  it('transparency, over white', async () => {
    const half = Buffer.from([200, 0, 0, 0, 200, 0, 0, 255, 200, 0, 0, 51]);
    const bytes = await sharp(half, { raw: { width: 3, height: 1, channels: 4 } })
      .png()
      .toBuffer();
    const decoded = await decodePicture(bytes);
    expect(at(decoded, 0, 0)).toEqual([255, 255, 255]);
    expect(at(decoded, 1, 0)).toEqual([200, 0, 0]);
    near(at(decoded, 2, 0), [244, 204, 204], 1);
  });

  it('an animated GIF, by its first frame', async () => {
    const frames = Buffer.concat([Buffer.alloc(8 * 8 * 3, 250), Buffer.alloc(8 * 8 * 3, 10)]);
    const bytes = await sharp(frames, { raw: { width: 8, height: 16, channels: 3, pageHeight: 8 } })
      .gif({ delay: [100, 100] })
      .toBuffer();
    expect((await sharp(bytes).metadata()).pages).toBe(2);
    const decoded = await decodePicture(bytes);
    expect([decoded.width, decoded.height]).toEqual([8, 8]);
    expect(at(decoded, 4, 4)).toEqual([250, 250, 250]);
  });
});

describe('preparePicture', () => {
  it('gives exactly the size, whatever the aspect', async () => {
    const bytes = await sharp(sample(), raw).png().toBuffer();
    expect(await preparePicture(bytes, 17)).toMatchObject({ width: 17, height: 17 });
    expect((await preparePicture(bytes, 17)).data.length).toBe(17 * 17 * 3);
  });

  it('averages what it shrinks: a chessboard of single pixels becomes grey', async () => {
    const board = Buffer.alloc(256 * 256 * 3);
    for (let pixel = 0; pixel < 256 * 256; pixel += 1) {
      board.fill((pixel + (pixel >> 8)) % 2 === 0 ? 255 : 0, pixel * 3, pixel * 3 + 3);
    }
    const bytes = await sharp(board, { raw: { width: 256, height: 256, channels: 3 } })
      .png()
      .toBuffer();
    const { data } = await preparePicture(bytes, 32);
    for (const value of data) expect(Math.abs(value - 127.5)).toBeLessThanOrEqual(3);
  });

  it('leaves a picture of that size alone', async () => {
    const bytes = await sharp(sample(32, 32), { raw: { width: 32, height: 32, channels: 3 } })
      .png()
      .toBuffer();
    expect(Buffer.from((await preparePicture(bytes, 32)).data).equals(sample(32, 32))).toBe(true);
  });
});
