import type { Value } from '../../graph/value.ts';
import { sizesOf } from '../../rules/build.ts';
import type { Lowering } from '../lowering.ts';
import { affine } from './per-channel.ts';

/**
 * dy factor, [N, C', H, W] in blocks. A dy that is the same all over a map, as that of a mean is, stays one number per channel
 * of each picture: it is never spread over the map.
 * @param factor [N, C', H, W] in blocks
 */
export function timesGradient({ build, values, producer }: Lowering, dy: Value, factor: Value): Value {
  const maker = producer(dy);
  const [share] = maker?.type === 'Expand' ? maker.inputs : [];
  const [images, channels] = sizesOf(dy);
  if (share === undefined || share.shape.join() !== [images, channels, 1, 1].join()) {
    return build.mul(values.blocked(dy), factor);
  }
  const [n, filled, height, width] = sizesOf(factor) as [number, number, number, number];
  const scale = build.reshape(values.padded(values.plain(share), 1), [n * filled]);
  const product = affine(build, build.reshape(factor, [1, n * filled, height, width]), { scale });
  return build.reshape(product, [n, filled, height, width]);
}
