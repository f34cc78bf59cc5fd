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
  // The hottest loop of a training's input: one multiplication per weight, the three channels written out.
  for (let y = 0; y < height; y += 1) {
    const v = (y + 0.5) / halfHeight - 1;
    const [rowX, rowY] = [(b * v + c + 1) * halfWidth - 0.5, (e * v + f + 1) * halfHeight - 0.5];
    let at = y * width * 3;
    for (let x = 0; x < width; x += 1) {
      const u = (x + 0.5) / halfWidth - 1;
      let fromX = rowX + a * u * halfWidth;
      let fromY = rowY + d * u * halfHeight;
      fromX = fromX < 0 ? 0 : fromX > right ? right : fromX;
      fromY = fromY < 0 ? 0 : fromY > bottom ? bottom : fromY;
      const left = fromX | 0;
      const top = fromY | 0;
      const dx = fromX - left;
      const dy = fromY - top;
      const northEast = dx * (1 - dy);
      const southWest = (1 - dx) * dy;
      const southEast = dx * dy;
      const northWest = 1 - northEast - southWest - southEast;
      const nw = (top * width + left) * 3;
      const ne = left < right ? nw + 3 : nw;
      const below = top < bottom ? width * 3 : 0;
      const sw = nw + below;
      const se = ne + below;
      result[at] = data[nw]! * northWest + data[ne]! * northEast + data[sw]! * southWest + data[se]! * southEast + 0.5;
      result[at + 1] =
        data[nw + 1]! * northWest +
        data[ne + 1]! * northEast +
        data[sw + 1]! * southWest +
        data[se + 1]! * southEast +
        0.5;
      result[at + 2] =
        data[nw + 2]! * northWest +
        data[ne + 2]! * northEast +
        data[sw + 2]! * southWest +
        data[se + 2]! * southEast +
        0.5;
      at += 3;
    }
  }
  return { width, height, data: result };
}
