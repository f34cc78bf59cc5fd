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
