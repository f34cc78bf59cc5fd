import type { Attribution } from './method.ts';

/** Values per pixel: the sum over channels. `[size, size]` */
export function heatOf({ values, channels }: Pick<Attribution, 'values' | 'channels'>): Float32Array {
  if (channels === 1) return values;
  return Float32Array.from({ length: values.length / 3 }, (_, at) => {
    return values[3 * at]! + values[3 * at + 1]! + values[3 * at + 2]!;
  });
}

/** Of the absolute values, the share inside a mask (1 inside). Undefined where all values are 0. */
export function shareInside(heat: Float32Array, mask: Uint8Array): number | undefined {
  let [inside, total] = [0, 0];
  heat.forEach((value, at) => {
    total += Math.abs(value);
    inside += Math.abs(value) * mask[at]!;
  });
  return total === 0 ? undefined : inside / total;
}

/** Each value replaced by the mean over its square of `side` x `side` pixels; `[size, size]`. */
export function meanOverSquares(heat: Float32Array, size: number, side: number): Float32Array {
  const across = Math.ceil(size / side);
  const square = (at: number): number => Math.floor(at / size / side) * across + Math.floor((at % size) / side);
  const sums = new Float64Array(across * across);
  const counts = new Float64Array(across * across);
  heat.forEach((value, at) => {
    sums[square(at)]! += value;
    counts[square(at)]! += 1;
  });
  return heat.map((_, at) => sums[square(at)]! / counts[square(at)]!);
}
