/**
 * @file Products of stacks of matrices, as in attention, read their operands transposed where they lie: [N, heads, T, D]
 * need not be brought into the order [N, heads, D, T], which takes up to four fifths of the time of the product.
 */
import type { AnyNode, Node, Value } from '../../graph/value.ts';
import type { Lowering } from '../lowering.ts';

/** Whether a node exchanges the rows and columns of each matrix of a stack. */
export function turnsMatrices(node: AnyNode | undefined): node is Node<'Transpose'> & AnyNode {
  if (node?.type !== 'Transpose') return false;
  const { perm } = node.attributes;
  const last = perm.length - 1;
  const turned = perm.map((_, axis) => (axis < last - 1 ? axis : 2 * last - 1 - axis));
  return perm.length > 2 && node.inputs[0]!.type === 'float32' && perm.join() === turned.join();
}

/** The copy is made when something other than a product asks for it. */
export function turnedMatrices({ values }: Lowering, node: Node<'Transpose'> & AnyNode): boolean {
  if (!turnsMatrices(node)) return false;
  const [x, y] = [node.inputs[0]!, node.outputs[0]!];
  const original = values.turned(x);
  if (original !== undefined) values.setPlain(y, original);
  else values.setTurned(y, x);
  return true;
}

/** A product with turned operands, or one whose only reader turns the result: (a b)' = b' a'. */
export function batchedProduct({ build, values, absorbed, onlyReader }: Lowering, node: Node<'MatMul'>): boolean {
  const operands = node.inputs as readonly [Value, Value];
  if (operands.some(({ shape, type }) => shape.length < 3 || type !== 'float32')) return false;
  const originals = operands.map((value) => values.turned(value));
  const reader = onlyReader(node.outputs[0]!);
  const isTurned = turnsMatrices(reader);
  if (!isTurned && originals.every((original) => original === undefined)) return false;
  const [a, b] = operands.map((value, index) => originals[index] ?? values.plain(value)) as [Value, Value];
  const [turnA, turnB] = originals.map((original) => original !== undefined) as [boolean, boolean];
  const product = (x: Value, y: Value, turnX: boolean, turnY: boolean): Value =>
    build.graph.op('FusedMatMul', [x, y], { transA: turnX ? 1 : 0, transB: turnY ? 1 : 0 });
  if (isTurned) {
    values.setPlain(reader.outputs[0]!, product(b, a, !turnB, !turnA));
    absorbed.add(reader);
  } else values.setPlain(node.outputs[0]!, product(a, b, turnA, turnB));
  return true;
}
