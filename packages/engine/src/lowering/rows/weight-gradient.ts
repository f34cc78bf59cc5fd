/**
 * @file The gradient of a matrix of weights, a product over all rows. The runtime's product reads an operand that is
 * transposed in pieces, and puts the same numbers into order again for every 128 columns of the result: 12 to 25 % of the
 * product's time. One transposed copy before it costs less, of the operand that has fewer numbers.
 */
import type { AnyNode, Node, Value } from '../../graph/value.ts';
import { sizesOf, type Build } from '../../rules/build.ts';
import type { Lowering } from '../lowering.ts';

/** Multiplications per number copied from which on the copy pays (measured with 190 to 1,000). */
const LEAST_PER_COPY = 128;
/** Fewer rows than this are a product that takes no time worth saving. */
const FEWEST_ROWS = 256;

/** a' b of a [R, M] and b [R, N], or its transpose where the only reader asks for that. */
export function weightGradient(lowering: Lowering, node: Node<'Gemm'>): boolean {
  const { build, values, absorbed, onlyReader } = lowering;
  const [left, right, addend] = node.inputs as readonly [Value, Value, Value | undefined];
  const { transA = 0, transB = 0, alpha = 1 } = node.attributes;
  if (transA !== 1 || transB !== 0 || alpha !== 1 || addend !== undefined || left.type !== 'float32') return false;
  if ([...left.shape, ...right.shape].some((size) => typeof size !== 'number')) return false;
  const turn = onlyReader(node.outputs[0]!);
  const isTurned = turn !== undefined && exchanges(turn);
  // Of a turned result the rows are those of b.
  const [first, second] = isTurned ? [right, left] : [left, right];
  const [rows, m] = sizesOf(first) as [number, number];
  const n = sizesOf(second)[1]!;
  const [direct, turned] = [rows * m, rows * n + m * n];
  if (rows < FEWEST_ROWS || (rows * m * n) / Math.min(direct, turned) < LEAST_PER_COPY) return false;
  const [a, b] = [values.plain(first), values.plain(second)];
  const result = direct <= turned ? product(build, a, b) : build.transpose(product(build, b, a), [1, 0]);
  values.setPlain((isTurned ? turn : node).outputs[0]!, result);
  if (isTurned) absorbed.add(turn);
  return true;
}

function exchanges(node: AnyNode): boolean {
  return node.type === 'Transpose' && node.attributes.perm.join() === '1,0';
}

/** a' b. The runtime would take the transposition back into the product, but for the axis of size 1 in it. */
function product(build: Build, a: Value, b: Value): Value {
  const [rows, m] = sizesOf(a) as [number, number];
  const turned = build.transpose(build.reshape(a, [1, rows, m]), [2, 0, 1]);
  return build.matmul(build.reshape(turned, [m, rows]), b);
}
