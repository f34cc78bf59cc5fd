import type { Dimension, Shape } from '../graph/value.ts';
import {
  expectCounts,
  expectOneType,
  mismatch,
  operand,
  optional,
  wideTypes,
  type InferenceTable,
  type Operation,
} from './application.ts';
import { broadcast, printed, unify } from './dimension.ts';

/** The last two sizes exchanged where asked. */
function turned(shape: Shape, isTurned: 0 | 1): Shape {
  return isTurned === 1 ? [...shape.slice(0, -2), shape.at(-1)!, shape.at(-2)!] : shape;
}

function productShape(node: Operation, left: Shape, right: Shape): Shape {
  if (left.length === 0 || right.length === 0) mismatch(node, 'operands must not be scalars');
  const a = left.length === 1 ? [1, ...left] : left;
  const b = right.length === 1 ? [...right, 1] : right;
  const [inner, other] = [a.at(-1)!, b.at(-2)!];
  if (unify(inner, other) === undefined) {
    mismatch(node, `the inner sizes must be equal, not ${inner} and ${other}`);
  }
  const batch =
    broadcast(a.slice(0, -2), b.slice(0, -2)) ??
    mismatch(node, `the batch shapes ${printed(a.slice(0, -2))} and ${printed(b.slice(0, -2))} do not broadcast`);
  const matrix: Dimension[] = [];
  if (left.length > 1) matrix.push(a.at(-2)!);
  if (right.length > 1) matrix.push(b.at(-1)!);
  return [...batch, ...matrix];
}

export const linear = {
  // [..., M, K] x [..., K, N] -> [..., M, N]; a vector is a row on the left, a column on the right (numpy.matmul).
  MatMul: (node) => {
    expectCounts(node, 2);
    const [left, right] = [operand(node, 0, wideTypes), operand(node, 1, wideTypes)];
    const type = expectOneType(node, [left, right]);
    return [{ type, shape: productShape(node, left.shape, right.shape) }];
  },
  // As MatMul, of matrices transposed where asked.
  FusedMatMul: (node) => {
    expectCounts(node, 2);
    const [left, right] = [operand(node, 0, ['float32']), operand(node, 1, ['float32'])];
    if (left.shape.length < 2 || right.shape.length < 2) mismatch(node, 'operands must be matrices');
    const { transA = 0, transB = 0 } = node.attributes;
    const shape = productShape(node, turned(left.shape, transA), turned(right.shape, transB));
    return [{ type: left.type, shape }];
  },
  // A [M, K], B [K, N], either transposed, C broadcast to [M, N].
  Gemm: (node) => {
    expectCounts(node, 3);
    const [a, b, c] = [operand(node, 0, wideTypes), operand(node, 1, wideTypes), optional(node, 2)];
    const type = expectOneType(node, [a, b, c]);
    if (a.shape.length !== 2 || b.shape.length !== 2) mismatch(node, 'A and B must be matrices');
    const [rows, inner] = node.attributes.transA === 1 ? [...a.shape].reverse() : a.shape;
    const [other, columns] = node.attributes.transB === 1 ? [...b.shape].reverse() : b.shape;
    if (unify(inner!, other!) === undefined) mismatch(node, `the inner sizes must be equal, not ${inner} and ${other}`);
    const shape = [rows!, columns!];
    if (c !== undefined) {
      const together = broadcast(shape, c.shape);
      const fits = together?.length === 2 && together.every((size, axis) => unify(size, shape[axis]!) !== undefined);
      if (!fits) mismatch(node, `C must broadcast to ${printed(shape)}`);
    }
    return [{ type, shape }];
  },
} satisfies Partial<InferenceTable>;
