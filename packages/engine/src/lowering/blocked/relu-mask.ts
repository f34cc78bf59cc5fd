import type { Value } from '../../graph/value.ts';
import type { Build } from '../../rules/build.ts';
import { affine, everyChannel } from './per-channel.ts';

/** So large that every normal number times it is 1 or more. */
const LARGE = 3e38;
/** A power of two, so that products with it are exact; times the last digit of a bound it is 1 or more. */
const STEEP = 2 ** 30;

/**
 * 1 where 0 < y < upper, 0 elsewhere, [N, C', H, W] in blocks. It is made by the activation of a convolution of one point:
 * min(1, max(0, y large)); with a bound, y first becomes 0 or 2 upper steep, and what is
 * left of that is (upper - y) steep, or less than 0.
 */
export function reluMask(build: Build, y: Value, upper: number | undefined): Value {
  const of = (value: number): Value => everyChannel(build, y, value);
  const step = { activation: 'HardSigmoid', activation_params: [1, 0] } as const;
  if (upper === undefined) return affine(build, y, { scale: of(LARGE) }, step);
  const most = 2 * upper * STEEP;
  const above = affine(build, y, { scale: of(LARGE) }, { activation: 'Clip', activation_params: [0, most] });
  return affine(build, y, { scale: of(-STEEP), shift: of(-upper * STEEP), sum: above }, step);
}
