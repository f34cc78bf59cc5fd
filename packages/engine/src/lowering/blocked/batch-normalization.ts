/**
 * @file Batch statistics in blocks (Ioffe and Szegedy 2015), in few passes over memory. The variance is taken of the
 * centred values. That of the values themselves, the mean of the squares less the square of the mean, would save a pass
 * and cost digits: deep networks with ReLU6 then differ from PyTorch's gradients in the second digit.
 */
import type { Value } from '../../graph/value.ts';
import type { Build } from '../../rules/build.ts';
import { affine, channelMean, channelMeanOfProduct, everyChannel } from './per-channel.ts';

export interface Statistics {
  /** x - mean, [N, C', H, W] in blocks */
  readonly centred: Value;
  /** [C'] */
  readonly mean: Value;
  readonly variance: Value;
  /** 1 / sqrt(variance + epsilon) */
  readonly r: Value;
}

/** x [N, C', H, W] in blocks */
export function batchStatistics(build: Build, x: Value, epsilon: number): Statistics {
  const mean = channelMean(build, x);
  const centred = affine(build, x, { scale: everyChannel(build, x, 1), shift: build.neg(mean) });
  const variance = channelMeanOfProduct(build, centred, centred);
  return { centred, mean, variance, r: build.reciprocalRoot(build.add(variance, epsilon)) };
}

/** x scale + shift, [C'] both. */
export interface PerChannel {
  readonly scale: Value;
  readonly shift: Value;
}

/** (x - mean) / sqrt(variance + epsilon) scale + bias of x, all [C']. */
export function knownStatistics(
  build: Build,
  [scale, bias, mean, variance]: readonly [Value, Value, Value, Value],
  epsilon: number,
): PerChannel {
  const slope = build.mul(scale, build.reciprocalRoot(build.add(variance, epsilon)));
  return { scale: slope, shift: build.sub(bias, build.mul(mean, slope)) };
}

/**
 * With c = x - mean and the means over a channel m1 = mean dy, m2 = mean dy c: dbias = count m1, dscale = count m2 r,
 * dx = a dy + b c + d with a = scale r, b = -a r^2 m2, d = -a m1.
 */
export function normalisationGradient(
  build: Build,
  [dy, centred, scale, r]: readonly [Value, Value, Value, Value],
  count: number,
): { readonly dx: () => Value; readonly dscale: Value; readonly dbias: Value } {
  const m1 = channelMean(build, dy);
  const m2 = channelMeanOfProduct(build, dy, centred);
  const dx = (): Value => {
    const a = build.mul(scale, r);
    const b = build.neg(build.mul(build.mul(a, build.square(r)), m2));
    const d = build.neg(build.mul(a, m1));
    return affine(build, dy, { scale: a, sum: affine(build, centred, { scale: b, shift: d }) });
  };
  return { dx, dscale: build.mul(build.mul(m2, r), count), dbias: build.mul(m1, count) };
}
