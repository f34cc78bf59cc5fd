import type { Picture } from '../picture.ts';

/**
 * Where an output point comes from: x' = a x + b y + c, y' = d x + e y + f, in coordinates from the centre in which the
 * half width and half height are 1.
 */
export type Affine = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

export const identity: Affine = [1, 0, 0, 0, 1, 0];

/** First `inner` is applied to the picture, then `outer`: the output point goes through `outer` first. */
export function compose(inner: Affine, outer: Affine): Affine {
  const [a, b, c, d, e, f] = inner;
  const [A, B, C, D, E, F] = outer;
  return [a * A + b * D, a * B + b * E, a * C + b * F + c, d * A + e * D, d * B + e * E, d * C + e * F + f];
}

/**
 * Resamples a picture, bilinear. Beyond the border the nearest pixel is repeated: product photos stand on plain
 * backgrounds, and an invented frame would be an edge that no photo has.
 */
export function warp({ width, height, data }: Picture, [a, b, c, d, e, f]: Affine): Picture {
  const result = new Uint8Array(data.length);
  const [halfWidth, halfHeight] = [width / 2, height / 2];
  const [right, bottom] = [width - 1, height - 1];
  for (let y = 0; y < height; y += 1) {
    const v = (y + 0.5) / halfHeight - 1;
    for (let x = 0; x < width; x += 1) {
      const u = (x + 0.5) / halfWidth - 1;
      const fromX = Math.min(Math.max((a * u + b * v + c + 1) * halfWidth - 0.5, 0), right);
      const fromY = Math.min(Math.max((d * u + e * v + f + 1) * halfHeight - 0.5, 0), bottom);
      const [left, top] = [fromX | 0, fromY | 0];
      const [dx, dy] = [fromX - left, fromY - top];
      const upper = (top * width + left) * 3;
      const across = left < right ? 3 : 0;
      const lower = upper + (top < bottom ? width * 3 : 0);
      const at = (y * width + x) * 3;
      for (let channel = 0; channel < 3; channel += 1) {
        const north = data[upper + channel]! * (1 - dx) + data[upper + across + channel]! * dx;
        const south = data[lower + channel]! * (1 - dx) + data[lower + across + channel]! * dx;
        result[at + channel] = north * (1 - dy) + south * dy + 0.5;
      }
    }
  }
  return { width, height, data: result };
}
