import type { Value } from '../graph/value.ts';
import { sizesOf, type Build } from './build.ts';
import { perInput, refuse, rule, type Backward, type RuleTable } from './rule.ts';

/**
 * A matrix of weights [K, N] behind any number of rows: both gradients are one product over all rows at once, with
 * the transposition left to Gemm. x [..., K], dy [..., N]: dx = dy w^T, dw = x^T dy.
 */
function rowsTimesWeights({ node, build, input, gradientOfOutput, wanted }: Backward<'MatMul'>): (Value | undefined)[] {
  const [left, right] = [sizesOf(node.inputs[0]!), sizesOf(node.inputs[1]!)];
  const rows = left.slice(0, -1).reduce((a, b) => a * b, 1);
  const dy = build.reshape(gradientOfOutput(0), [rows, right[1]!]);
  const { graph } = build;
  return [
    wanted(0) ? build.reshape(graph.op('Gemm', [dy, input(1)], { transB: 1 }), left) : undefined,
    wanted(1) ? graph.op('Gemm', [build.reshape(input(0), [rows, left.at(-1)!]), dy], { transA: 1 }) : undefined,
  ];
}

/** Any ranks: vectors become a row on the left and a column on the right; batch axes are left to the walk. */
function batched({ node, build, input, gradientOfOutput, wanted }: Backward<'MatMul'>): (Value | undefined)[] {
  const [left, right] = [sizesOf(node.inputs[0]!), sizesOf(node.inputs[1]!)];
  const row = left.length === 1;
  const column = right.length === 1;
  const [a, b] = [row ? [1, ...left] : left, column ? [...right, 1] : right];
  const result = sizesOf(node.outputs[0]!);
  const batch = result.slice(0, result.length - (row ? 0 : 1) - (column ? 0 : 1));
  const dy = build.reshape(gradientOfOutput(0), [...batch, a.at(-2)!, b.at(-1)!]);
  const times = (x: Value, y: Value, shape: readonly number[], vector: boolean): Value => {
    const product = build.matmul(x, y);
    return vector ? fold(build, product, shape) : product;
  };
  return [
    wanted(0) ? times(dy, build.transposeMatrix(build.reshape(input(1), b)), left, row) : undefined,
    wanted(1) ? times(build.transposeMatrix(build.reshape(input(0), a)), dy, right, column) : undefined,
  ];
}

/** The gradient of a vector that stood as a matrix in every batch: [..., 1, K] or [..., K, 1] -> [K] */
function fold(build: Build, matrices: Value, [size]: readonly number[]): Value {
  const count = sizesOf(matrices).reduce((a, b) => a * b, 1) / size!;
  return build.sum(build.reshape(matrices, [count, size!]), [0], 0);
}

export const linearAlgebra = {
  MatMul: rule({ inputs: [0, 1] }, (backward) => {
    const [left, right] = backward.node.inputs;
    const weights = right!.shape.length === 2 && left!.shape.length >= 2;
    return weights ? rowsTimesWeights(backward) : batched(backward);
  }),
  // Y = alpha A' B' + beta C, where ' transposes when asked: dA' = alpha dY B'^T, dB' = alpha A'^T dY, dC = beta dY.
  // Attributes are stored as float32, whatever the type of the operands.
  Gemm: perInput(
    { inputs: [0, 1] },
    ({ node: { attributes }, build, input }, dy) => {
      const { alpha = 1, transA = 0, transB = 0 } = attributes;
      return transA === 1
        ? build.graph.op('Gemm', [input(1), dy], { alpha, transA: transB, transB: 1 })
        : build.graph.op('Gemm', [dy, input(1)], { alpha, transB: transB === 1 ? 0 : 1 });
    },
    ({ node: { attributes }, build, input }, dy) => {
      const { alpha = 1, transA = 0, transB = 0 } = attributes;
      return transB === 1
        ? build.graph.op('Gemm', [dy, input(0)], { alpha, transA: 1, transB: transA })
        : build.graph.op('Gemm', [input(0), dy], { alpha, transA: transA === 1 ? 0 : 1 });
    },
    ({ node: { attributes }, build }, dy) => build.mul(dy, Math.fround(attributes.beta ?? 1)),
  ),
  FusedMatMul: refuse('made by lowering, which comes after gradients'),
} satisfies Partial<RuleTable>;
