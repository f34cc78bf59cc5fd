import type { AnyNode, Value } from '../graph/value.ts';
import { sizesOf } from '../rules/build.ts';
import type { Lowering } from './lowering.ts';

/**
 * A value that waits for another: reshaped, which moves nothing, to sizes that come out of the other and always keep
 * what is there: the position of the largest of one number is 0. The runtime can neither know that nor take the two ends of
 * the reshaping for the same value. Either layout will do for both values.
 * @returns whether the node was such a one
 */
export function lowerAfter({ build, values }: Lowering, node: AnyNode): boolean {
  if (node.type !== 'After') return false;
  const { graph } = build;
  const [x, y] = node.inputs as readonly [Value, Value];
  const awaited = values.isBlocked(y) ? values.blocked(y) : values.plain(y);
  const count = sizesOf(awaited).reduce((product, size) => product * size, 1);
  const first = build.slice(build.reshape(awaited, [count, 1]), [0], [0], [1], [1]);
  const zero = graph.op('ArgMax', [first], { axis: 1, keepdims: 0 });
  const kept = (value: Value): Value => graph.op('KeepShape', [value, build.expand(zero, [value.shape.length])]);
  if (values.isBlocked(x)) values.setBlocked(node.outputs[0]!, kept(values.blocked(x)));
  else values.setPlain(node.outputs[0]!, kept(values.plain(x)));
  return true;
}
