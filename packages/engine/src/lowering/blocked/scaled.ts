/**
 * @file Gradients dy [N, O, H, W] whose channels are still to be multiplied, each by its number. Both gradients of a
 * convolution are linear in dy and sum over O or keep it: the filters of the kernel, or of its gradient, can be multiplied
 * instead, and most of them are smaller than dy.
 */
import type { Value } from '../../graph/value.ts';
import { sizesOf, type Build } from '../../rules/build.ts';
import { productOf } from '../../rules/convolution/window.ts';
import type { LoweredValues, Scaled } from '../values.ts';

/** How many times smaller filters have to be: they are read and written in both gradients, dy only once. */
const TIMES = 3;

/** dy in whole blocks as it waits for its scale, where filters [O, C, kH, kW] are so much smaller that multiplying them pays. */
export function smallerScaled(values: LoweredValues, dy: Value, filters: Value): Scaled | undefined {
  const scaled = values.scaled(dy);
  const isWhole = scaled !== undefined && sizesOf(scaled.values)[1] === sizesOf(dy)[1];
  return isWhole && TIMES * productOf(sizesOf(filters)) <= productOf(sizesOf(dy)) ? scaled : undefined;
}

/** w [O, C, kH, kW], each filter by its number */
export function scaledFilters(build: Build, w: Value, { scale }: Scaled): Value {
  const sizes = sizesOf(w);
  const [filters, ...rest] = sizes as [number, ...number[]];
  const scaled = build.mul(build.reshape(w, [filters, productOf(rest)]), build.reshape(scale, [filters, 1]));
  return build.reshape(scaled, sizes);
}
