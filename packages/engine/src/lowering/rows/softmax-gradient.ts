/**
 * @file The gradient of the softmax within attention. With y = softmax(x) and o = y v it needs the sum over each row of
 * dy y, where dy = do v'; the same number is the sum over each row of do o (Dao et al. 2022, "FlashAttention", appendix
 * B.2). Rows of do and o have as many numbers as a head has channels, rows of y as many as there are tokens.
 */
import type { AnyNode, Node, Value } from '../../graph/value.ts';
import { integersOf, sizesOf } from '../../rules/build.ts';
import type { Lowering } from '../lowering.ts';
import { turnsMatrices } from './batched-products.ts';

/** do and o in one order of axes, in which the graph keeps o anyway, and the way back from it. */
interface Kept {
  readonly gradient: Value;
  readonly result: Value;
  readonly back: readonly number[];
}

/** dy y of a softmax that nothing but its sum over rows reads. */
export function softmaxSum(lowering: Lowering, node: Node<'Mul'>): boolean {
  const { build, values, absorbed, onlyReader } = lowering;
  const sum = onlyReader(node.outputs[0]!);
  if (sum === undefined || !sumsRows(sum)) return false;
  const [dy, y] = node.inputs as readonly [Value, Value];
  const kept = keptOf(lowering, dy, y);
  if (kept === undefined) return false;
  const product = build.mul(values.plain(kept.gradient), values.plain(kept.result));
  values.setPlain(sum.outputs[0]!, build.transpose(build.sum(product, [-1]), kept.back));
  absorbed.add(sum);
  return true;
}

function sumsRows({ type, inputs, attributes, outputs }: AnyNode): boolean {
  if (type !== 'ReduceSum' || inputs[1]?.constant === undefined) return false;
  const rank = outputs[0]!.shape.length;
  const isKept = attributes.keepdims !== 0;
  return isKept && ['-1', String(rank - 1)].includes(integersOf(inputs[1]).join());
}

function keptOf({ producer, readers }: Lowering, dy: Value, y: Value): Kept | undefined {
  const backward = producer(dy);
  const turn = backward?.type === 'MatMul' ? producer(backward.inputs[1]!) : undefined;
  if (producer(y)?.type !== 'Softmax' || backward === undefined || !turnsMatrices(turn)) return undefined;
  const forward = readers(y).find(({ type, inputs }) => type === 'MatMul' && inputs[0] === y);
  if (forward === undefined || forward.inputs[1] !== turn.inputs[0]) return undefined;
  const [away, back] = [readers(forward.outputs[0]!)[0], producer(backward.inputs[0]!)];
  if (away?.type !== 'Transpose' || back?.type !== 'Transpose') return undefined;
  const { perm } = back.attributes;
  const isBack = perm.every((axis, at) => away.attributes.perm[axis] === at) && perm.at(-1) === perm.length - 1;
  if (!isBack || sizesOf(y).length !== perm.length) return undefined;
  return { gradient: back.inputs[0]!, result: away.outputs[0]!, back: perm };
}
