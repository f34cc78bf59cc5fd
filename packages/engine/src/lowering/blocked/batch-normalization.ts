/**
 * @file Batch statistics in blocks (Ioffe and Szegedy 2015), in few passes over memory. The variance is taken of values
 * that are near their mean. Of any others, the mean of the squares less the square of the mean would cost digits: deep
 * networks with ReLU6 then differ from PyTorch's gradients in the second digit.
 */
import type { Value } from '../../graph/value.ts';
import type { Build } from '../../rules/build.ts';
import type { Scaled } from '../values.ts';
import { affine, channelMean, channelMeanOfProduct, channelSumOfProduct, everyChannel } from './per-channel.ts';

/** x - mean as values [N, C', H, W] in blocks, less what their mean still is, [C']; undefined where that is nothing. */
export interface Centred {
  readonly values: Value;
  readonly mean?: Value;
}

export interface Statistics {
  readonly centred: Centred;
  /** [C'] */
  readonly mean: Value;
  readonly variance: Value;
  /** 1 / sqrt(variance + epsilon) */
  readonly r: Value;
}

/**
 * x [N, C', H, W] in blocks
 * @param shift [C'] what was taken from x before and brought it near its mean; without it x is centred here
 */
export function batchStatistics(build: Build, x: Value, epsilon: number, shift?: Value): Statistics {
  const rest = channelMean(build, x);
  const reciprocal = (variance: Value): Value => build.reciprocalRoot(build.add(variance, epsilon));
  if (shift !== undefined) {
    const difference = build.sub(channelMeanOfProduct(build, x, x), build.square(rest));
    const variance = build.graph.op('Max', [difference, build.scalar(0, x.type)]);
    const centred = { values: x, mean: rest };
    return { centred, mean: build.add(rest, shift), variance, r: reciprocal(variance) };
  }
  const values = affine(build, x, { scale: everyChannel(build, x, 1), shift: build.neg(rest) });
  const variance = channelMeanOfProduct(build, values, values);
  return { centred: { values }, mean: rest, variance, r: reciprocal(variance) };
}

/** scale and shift of the values that give slope (x - mean) + bias, [C'] both. */
export function ofCentred(build: Build, { mean }: Centred, slope: Value, bias: Value): PerChannel {
  return { scale: slope, shift: mean === undefined ? bias : build.sub(bias, build.mul(mean, slope)) };
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
 * With c = x - mean: dbias = sum dy, dscale = r sum dy c, dx = scale r (dy - r dscale / count c - dbias / count). What is
 * in the brackets is one pass over memory.
 */
export function normalisationGradient(
  build: Build,
  [dy, scale, r]: readonly [Value, Value, Value],
  centred: Centred,
  count: number,
): { readonly dx: () => Scaled; readonly dscale: Value; readonly dbias: Value } {
  const mean = channelMean(build, dy);
  const dbias = build.mul(mean, count);
  const product = channelSumOfProduct(build, dy, centred.values);
  const correlation = centred.mean === undefined ? product : build.sub(product, build.mul(dbias, centred.mean));
  const dscale = build.mul(correlation, r);
  const dx = (): Scaled => {
    const share = build.mul(build.mul(r, -1 / count), dscale);
    const rest = ofCentred(build, centred, share, build.neg(mean));
    return { values: affine(build, centred.values, { ...rest, sum: dy }), scale: build.mul(scale, r) };
  };
  return { dx, dscale, dbias };
}
