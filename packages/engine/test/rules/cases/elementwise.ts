import { floats, tensor, type Tensor } from '../../../src/graph/tensor.ts';
import { awayFrom, broadcastPairs, distinct, shapes, uniform, type Case, type Cases } from './case.ts';

const none = {};

function unary(point: (shape: readonly number[]) => Tensor): Case<'Neg'>[] {
  return shapes.map((shape) => ({ inputs: [point(shape)], attributes: none }));
}

function binary(left: (shape: readonly number[]) => Tensor, right = left): Case<'Add'>[] {
  return broadcastPairs.map(([a, b]) => ({ inputs: [left(a), right(b)], attributes: none }));
}

const any = (shape: readonly number[]): Tensor => uniform(shape);
const anySingle = (shape: readonly number[]): Tensor => uniform(shape, -2, 2, 'float32');
const positive = (shape: readonly number[]): Tensor => uniform(shape, 0.5, 2);
const nonZero = (shape: readonly number[]): Tensor => awayFrom([0], shape, 'float64', 0.5);
const offset = (shape: readonly number[]): Tensor => distinct(shape, 'float64', 0.1);
const bound = (value: number): Tensor => tensor('float64', [], Float64Array.of(value));

/** Alternately true and false, beginning with true. */
function coin(shape: readonly number[]): Tensor {
  const result = tensor('bool', shape);
  result.data.forEach((_, i) => (result.data[i] = 1 - (i % 2)));
  return result;
}

export const elementwiseCases: Cases = {
  Add: binary(any),
  Sub: binary(any),
  Mul: binary(any),
  Div: binary(any, nonZero),
  // Base positive for a varied exponent; any base, 0 included, for constant whole exponents.
  Pow: [
    ...binary(positive, any),
    ...[0, 1, 2, 3].map((exponent) => ({
      inputs: [any([2, 3]), { constant: bound(exponent) }],
      attributes: none,
    })),
    { inputs: [tensor('float64', [2, 2]), { constant: bound(3) }], attributes: none },
    { inputs: [tensor('float64', [2, 2]), { constant: bound(0) }], attributes: none },
    { inputs: [positive([3]), { constant: floats([3], [0, 1.5, -1]) }], attributes: none },
  ],
  // Operands differ by 0.1 or more; ties have a test of their own.
  Max: [
    ...binary((shape) => distinct(shape), offset),
    { inputs: [uniform([2], 0, 1), uniform([2], 2, 3), uniform([3, 2], -3, -1)], attributes: none },
    { inputs: [any([3])], attributes: none },
  ],
  Min: [...binary((shape) => distinct(shape), offset), { inputs: [any([3])], attributes: none }],
  Neg: unary(any),
  Abs: unary((shape) => awayFrom([0], shape)),
  Exp: unary(any),
  Log: unary(positive),
  Sqrt: unary(positive),
  Reciprocal: unary(nonZero),
  Erf: unary(anySingle),
  Tanh: unary(any),
  Sigmoid: unary(any),
  // Kinks at -0.5 / 0.4 and 0.5 / 0.4, or at -2.5 and 2.5, which no point reaches.
  HardSigmoid: [{}, { alpha: 0.4, beta: 0.5 }].flatMap((attributes) =>
    shapes.map((shape) => ({ inputs: [awayFrom([-1.25, 1.25], shape, 'float32')], attributes })),
  ),
  Silu: unary(any),
  Softplus: unary(anySingle),
  Relu: unary((shape) => awayFrom([0], shape)),
  LeakyRelu: [{}, { alpha: 0.3 }].flatMap((attributes) =>
    shapes.map((shape) => ({ inputs: [awayFrom([0], shape, 'float32')], attributes })),
  ),
  Gelu: [{}, { approximate: 'none' as const }, { approximate: 'tanh' as const }].flatMap((attributes) =>
    shapes.map((shape) => ({ inputs: [anySingle(shape)], attributes })),
  ),
  // The bounds are inputs too and are varied with x, except where they are constants.
  Clip: [
    ...shapes.map((shape) => ({ inputs: [awayFrom([-1, 1], shape), bound(-1), bound(1)], attributes: none })),
    { inputs: [awayFrom([0], [2, 3]), { constant: bound(0) }], attributes: none },
    { inputs: [awayFrom([1], [2, 3]), undefined, { constant: bound(1) }], attributes: none },
    {
      inputs: [awayFrom([0, 1.5], [2, 3], 'float32'), { constant: floats([], [0]) }, { constant: floats([], [1.5]) }],
      attributes: none,
    },
    { inputs: [any([4])], attributes: none },
  ],
  Identity: unary(any),
  Cast: [{ inputs: [uniform([2, 3], -2, 2, 'float32')], attributes: { to: 'float32' as const } }],
  Where: broadcastPairs.flatMap(([a, b]) =>
    [[], [2, 1, 1]].map((shape) => ({ inputs: [coin(shape), any(a), any(b)], attributes: none })),
  ),
};
