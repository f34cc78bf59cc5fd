import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { measure } from '../../src/data/measures.ts';
import type { Picture } from '../../src/image/picture.ts';
import { reference } from '../analyze/reference.ts';

async function drawn(svg: string, width: number, height: number): Promise<Picture> {
  const text = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${svg}</svg>`;
  const { data, info } = await sharp(Buffer.from(text)).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

describe('the measures of a picture', () => {
  it.each(reference.measures)(
    '$width x $height as numpy and scipy',
    async ({ width, height, picture, ...expected }) => {
      const found = await measure({ width, height, data: Uint8Array.from(picture) });
      // float32 luma.
      expect(found.brightness / expected.brightness).toBeCloseTo(1, 6);
      expect(found.contrast / expected.contrast).toBeCloseTo(1, 6);
      expect(found.sharpness / expected.sharpness).toBeCloseTo(1, 6);
    },
  );

  it('find the background along the border, and how plain it is', async () => {
    const plain = await measure(await drawn('<rect width="100" height="80" fill="#10a020"/><circle cx="50" cy="40" r="30"/>', 100, 80)); // prettier-ignore
    expect(plain).toMatchObject({ background: [16, 160, 32], backgroundShare: 1 });
    const half = await measure(await drawn('<rect width="100" height="80" fill="#fff"/><rect width="40" height="80"/>', 100, 80)); // prettier-ignore
    expect(half.background).toEqual([255, 255, 255]);
    expect(half.backgroundShare).toBeGreaterThan(0.5);
    expect(half.backgroundShare).toBeLessThan(0.65);
  });

  it('are lower in sharpness for a blurred picture, whatever its size', async () => {
    const lines = Array.from({ length: 20 }, (_, x) => `<rect x="${x * 40}" width="20" height="800"/>`).join('');
    const ground = '<rect width="800" height="800" fill="#ddd"/>';
    const sharpened = await drawn(ground + lines, 800, 800);
    const { data } = await sharp(sharpened.data, { raw: { width: 800, height: 800, channels: 3 } })
      .blur(8)
      .raw()
      .toBuffer({ resolveWithObject: true });
    const blurred = { ...sharpened, data };
    expect((await measure(blurred)).sharpness).toBeLessThan((await measure(sharpened)).sharpness / 4);
  });

  it('exist for the smallest pictures', async () => {
    expect(await measure({ width: 1, height: 1, data: Uint8Array.of(255, 0, 0) })).toEqual({
      brightness: expect.closeTo(76.245, 3) as number,
      contrast: 0,
      sharpness: 0,
      background: [255, 0, 0],
      backgroundShare: 1,
    });
  });
});
