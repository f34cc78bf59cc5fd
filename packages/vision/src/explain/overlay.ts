import sharp from 'sharp';
import { heatPixels, palePhoto } from './scale.ts';

/** Width of the overlays of small pictures: large enough to look at. */
const LEAST_WIDTH = 448;

/**
 * The photo in pale grey with the values over it, as PNG.
 * @param picture uint8 `[size, size, 3]`
 * @param heat `[size, size]`
 */
export async function overlayPng(
  picture: Uint8Array,
  heat: Float32Array,
  size: number,
  limit: number,
): Promise<Buffer> {
  const raw = { width: size, height: size };
  const joined = await sharp(palePhoto(picture), { raw: { ...raw, channels: 3 } })
    .composite([{ input: Buffer.from(heatPixels(heat, limit)), raw: { ...raw, channels: 4 } }])
    .png()
    .toBuffer();
  const width = size * Math.max(1, Math.round(LEAST_WIDTH / size));
  return sharp(joined).resize(width, width, { kernel: 'cubic' }).png({ compressionLevel: 9 }).toBuffer();
}

/** The photo itself as PNG. */
export function photoPng(picture: Uint8Array, size: number): Promise<Buffer> {
  return sharp(picture, { raw: { width: size, height: size, channels: 3 } })
    .png()
    .toBuffer();
}
