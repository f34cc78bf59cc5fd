import { Random } from '@busana/engine';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';
import { expect, it } from 'vitest';

type Resize = (width: number, height: number, rgb: Uint8Array, size: number) => Uint8Array;
const file = pathToFileURL(resolve(import.meta.dirname, '../../../examples/browser/prepare.js'));
const { resize } = (await import(file.href)) as { resize: Resize };

// Shrunk, enlarged, both at once, left alone; shrunk by whole numbers first; positions between two parts of a pixel.
it.each([
  [400, 300, 240],
  [500, 500, 240],
  [48, 40, 240],
  [300, 100, 240],
  [100, 300, 240],
  [240, 100, 240],
  [240, 240, 240],
  [1003, 700, 240],
  [1500, 1000, 240],
  [2399, 500, 240],
  [500, 2399, 240],
  [640, 480, 224],
])('the example in the browser makes of %i x %i pixels what the server makes, at %i', async (width, height, size) => {
  // prettier-ignore
  const random = Random.of('pixels', width, height);
  const rgb = Uint8Array.from({ length: width * height * 3 }, (_, at) => ((at % 7) * 30 + random.integer(0, 60)) % 256);
  const raw = { width, height, channels: 3 as const };
  const options = { fit: 'fill', kernel: 'cubic', fastShrinkOnLoad: false } as const;
  const expected = await sharp(rgb, { raw }).resize(size, size, options).raw().toBuffer();
  expect(Buffer.compare(resize(width, height, rgb, size), expected)).toBe(0);
});
