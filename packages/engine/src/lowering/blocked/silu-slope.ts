import type { Value } from '../../graph/value.ts';
import type { Build } from '../../rules/build.ts';
import { affine, everyChannel } from './per-channel.ts';

/** s (1 + x - y) with s = sigmoid(x) and y = x s, [N, C', H, W] in blocks: what is in the brackets is one pass. */
export function siluSlope(build: Build, x: Value, y: Value): Value {
  const of = (value: number): Value => everyChannel(build, x, value);
  const rest = affine(build, y, { scale: of(-1), shift: of(1), sum: x });
  return build.mul(build.graph.op('Sigmoid', [x]), rest);
}
