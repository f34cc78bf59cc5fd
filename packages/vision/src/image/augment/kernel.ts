import type { Random } from '@busana/engine';
import type { Picture } from '../picture.ts';
import { mapValues, type Change } from './transform.ts';

const change = (destroys: Change['destroys'], apply: Change['apply']): Change => ({
  kind: 'change',
  family: 'kernel',
  destroys,
  apply,
});

interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A rectangle of up to `largest` of the area, aspect between 1:2 and 2:1. */
function rectangle({ width, height }: Picture, random: Random, largest: number): Rectangle {
  const area = random.uniform(0.02, 1) * largest * width * height;
  const aspect = Math.exp(random.uniform(-Math.LN2, Math.LN2));
  const w = Math.max(1, Math.min(width, Math.round(Math.sqrt(area * aspect))));
  const h = Math.max(1, Math.min(height, Math.round(Math.sqrt(area / aspect))));
  return { width: w, height: h, left: random.integer(0, width - w), top: random.integer(0, height - h) };
}

/** Random erasing (Zhong et al. 2017) with one random colour; strength 1: up to 40 % of the area. */
export const randomErase = change({ shape: 0.5, pattern: 0.5, colour: 0.5 }, (picture, random, strength) => {
  if (strength === 0) return picture;
  const { left, top, width, height } = rectangle(picture, random, 0.4 * strength);
  const colour = [0, 1, 2].map(() => random.integer(0, 255));
  const data = picture.data.slice();
  for (let y = top; y < top + height; y += 1) {
    for (let x = left; x < left + width; x += 1) data.set(colour, (y * picture.width + x) * 3);
  }
  return { ...picture, data };
});

/** A part of the picture pasted somewhere else in it; strength 1: up to 40 % of the area. */
export const randomCropAdd = change({ shape: 0.5, pattern: 0.5, colour: 0.5 }, (picture, random, strength) => {
  if (strength === 0) return picture;
  const { left, top, width, height } = rectangle(picture, random, 0.4 * strength);
  const toLeft = random.integer(0, picture.width - width);
  const toTop = random.integer(0, picture.height - height);
  const data = picture.data.slice();
  for (let row = 0; row < height; row += 1) {
    const from = ((top + row) * picture.width + left) * 3;
    data.set(picture.data.subarray(from, from + width * 3), ((toTop + row) * picture.width + toLeft) * 3);
  }
  return { ...picture, data };
});

/** Mean over a square of side 2 `radius` + 1, in two passes; the border repeats. */
function boxBlur(picture: Picture, radius: number): Picture {
  const { width, height, data } = picture;
  const size = 2 * radius + 1;
  const rowSums = new Float32Array(data.length);
  for (let y = 0; y < height; y += 1)
    slidingSums(data, rowSums, { from: y * width * 3, along: 3, length: width, radius });
  const sums = new Float32Array(data.length);
  for (let x = 0; x < width; x += 1) {
    slidingSums(rowSums, sums, { from: x * 3, along: width * 3, length: height, radius });
  }
  const area = size * size;
  const changed = new Uint8ClampedArray(data.length);
  for (let position = 0; position < data.length; position += 1) changed[position] = sums[position]! / area;
  return { width, height, data: new Uint8Array(changed.buffer) };
}

interface Line {
  /** Position of its first value. */
  readonly from: number;
  /** Distance between neighbours. */
  readonly along: number;
  readonly length: number;
  readonly radius: number;
}

/** Sums over 2 `radius` + 1 neighbours along one line of three channels. */
function slidingSums(source: ArrayLike<number>, into: Float32Array, { from, along, length, radius }: Line): void {
  const last = from + (length - 1) * along;
  for (let start = from; start < from + 3; start += 1) {
    const end = last + start - from;
    let sum = source[start]! * (radius + 1);
    for (let step = 1; step <= radius; step += 1) sum += source[Math.min(start + step * along, end)]!;
    let ahead = Math.min(start + (radius + 1) * along, end);
    let behind = start - radius * along;
    for (let at = start; at <= end; at += along) {
      into[at] = sum;
      sum += source[ahead]! - source[behind < start ? start : behind]!;
      if (ahead < end) ahead += along;
      behind += along;
    }
  }
}

const radiusOf = (strength: number, largest: number): number => Math.round(strength * largest);

/** Strength 1: squares of 11 x 11. */
export const blurAverage = change({ pattern: 0.4, shape: 0.9 }, (picture, random, strength) =>
  boxBlur(picture, radiusOf(random.uniform() * strength, 5)),
);

/** Three box blurs come close to a Gaussian (central limit theorem); strength 1: three of 7 x 7. */
export const blurGaussian = change({ pattern: 0.4, shape: 0.9 }, (picture, random, strength) => {
  const radius = radiusOf(random.uniform() * strength, 3);
  return radius === 0 ? picture : [0, 1, 2].reduce((blurred) => boxBlur(blurred, radius), picture);
});

/** Median per channel over a square; strength 1: 5 x 5. */
export const blurMedian = change({ pattern: 0.4, shape: 0.9 }, (picture, random, strength) => {
  const radius = radiusOf(random.uniform() * strength, 2);
  if (radius === 0) return picture;
  const { width, height, data } = picture;
  const window = new Uint8Array((2 * radius + 1) ** 2);
  return mapValues(picture, (_old, position) => {
    const channel = position % 3;
    const x = ((position - channel) / 3) % width;
    const y = Math.floor(position / 3 / width);
    let count = 0;
    for (let dy = -radius; dy <= radius; dy += 1) {
      const row = Math.min(Math.max(y + dy, 0), height - 1) * width;
      for (let dx = -radius; dx <= radius; dx += 1) {
        window[count] = data[(row + Math.min(Math.max(x + dx, 0), width - 1)) * 3 + channel]!;
        count += 1;
      }
    }
    return window.sort()[window.length >> 1]!;
  });
});

/** Unsharp masking: what a 3 x 3 mean takes away is added, up to twice at strength 1. */
export const sharpen = change({}, (picture, random, strength) => {
  const amount = random.uniform(0, 2) * strength;
  const blurred = boxBlur(picture, 1).data;
  return mapValues(picture, (old, position) => old + amount * (old - blurred[position]!));
});
