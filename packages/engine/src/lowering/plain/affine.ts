import type { Value } from '../../graph/value.ts';
import { perChannel, sizesOf, type Build } from '../../rules/build.ts';

/**
 * x scale + shift with one scale and one shift per channel: x [N, C, ...], scale [C], shift [C]. On large maps as a
 * depthwise 1 x 1 convolution, which goes over the memory once instead of twice; it exists in float32 only.
 */
export function affine(build: Build, x: Value, scale: Value, shift: Value): Value {
  const [, channels, ...spatial] = sizesOf(x) as [number, number, ...number[]];
  const points = spatial.reduce((a, b) => a * b, 1);
  if (x.type !== 'float32' || points < 28 * 28) {
    return build.add(build.mul(x, perChannel(build, scale, x)), perChannel(build, shift, x));
  }
  const kernel = spatial.map(() => 1);
  const weights = build.reshape(scale, [channels, 1, ...kernel]);
  return build.graph.op('Conv', [x, weights, shift], { kernel_shape: kernel, group: channels });
}
