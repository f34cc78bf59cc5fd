import type { Value } from '../../graph/value.ts';
import { acrossChannels, perChannel, sizesOf, type Build } from '../../rules/build.ts';
import { affine } from './affine.ts';

/**
 * Batch statistics in primitives (Ioffe and Szegedy 2015, algorithm 1). The variance is taken of the centred values,
 * as PyTorch does: the mean of the squares less the square of the mean loses all digits when the mean is large.
 * x [N, C, ...], scale [C], bias [C] -> y, mean [C], variance [C], 1 / sqrt(variance + epsilon) [C]
 */
export function batchNormalization(
  build: Build,
  [x, scale, bias]: readonly [Value, Value, Value],
  epsilon: number,
): readonly [Value, Value, Value, Value] {
  const axes = acrossChannels(x);
  const mean = build.mean(x, axes, 0);
  // The gradient spells the centred values the same way, so that the runtime finds that they are there already.
  const centred = build.sub(x, perChannel(build, mean, x));
  const variance = build.mean(build.square(centred), axes, 0);
  const r = build.reciprocalRoot(build.add(variance, epsilon));
  return [affine(build, centred, build.mul(scale, r), bias), mean, variance, r];
}

/**
 * With m elements per channel, c = x - mean, s1 = sum dy, s2 = sum dy c: dscale = s2 r, dbias = s1,
 * dx = a dy + b c + d with a = scale r, b = -a r^2 s2 / m, d = -a s1 / m (the same, section 3).
 */
export function batchNormalizationGradient(
  build: Build,
  [dy, x, scale, mean, r]: readonly [Value, Value, Value, Value, Value],
): readonly [() => Value, Value, Value] {
  const axes = acrossChannels(x);
  const count = axes.reduce((product, axis) => product * sizesOf(x)[axis]!, 1);
  const centred = build.sub(x, perChannel(build, mean, x));
  const s1 = build.sum(dy, axes, 0);
  const s2 = build.sum(build.mul(dy, centred), axes, 0);
  const dx = (): Value => {
    const a = build.mul(scale, r);
    const b = build.mul(build.mul(a, build.square(r)), build.mul(s2, -1 / count));
    const d = build.mul(a, build.mul(s1, -1 / count));
    return build.add(build.mul(dy, perChannel(build, a, x)), affine(build, centred, b, d));
  };
  return [dx, build.mul(s2, r), s1];
}
