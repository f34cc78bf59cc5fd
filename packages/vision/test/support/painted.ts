import sharp from 'sharp';
import type { Picture } from '../../src/image/picture.ts';

/** An SVG of 100 by 100 units as a photo of 224 by 224 pixels. */
export async function painted(content: string): Promise<Picture> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="224" height="224" viewBox="0 0 100 100">${content}</svg>`;
  const { data, info } = await sharp(Buffer.from(svg)).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}
