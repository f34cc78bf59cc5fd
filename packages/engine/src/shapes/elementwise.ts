import type { DataType } from '../graph/tensor.ts';
import type { Shape, Value } from '../graph/value.ts';
import {
  expectCounts,
  expectOneType,
  floatTypes,
  mismatch,
  numericTypes,
  operand,
  optional,
  signedTypes,
  type Inferred,
  type InferenceTable,
  type Operation,
} from './application.ts';
import { broadcast, printed } from './dimension.ts';

type Rule = (node: Operation) => readonly Inferred[];

const integerAndFloat: readonly DataType[] = ['float32', 'float64', 'int32', 'int64'];

function broadcastOf(node: Operation, values: readonly Value[]): Shape {
  return (
    broadcast(...values.map(({ shape }) => shape)) ??
    mismatch(node, `the shapes ${values.map(({ shape }) => printed(shape)).join(' and ')} do not broadcast`)
  );
}

/** One operand, its type and shape kept. */
function unary(types?: readonly DataType[]): Rule {
  return (node) => {
    expectCounts(node, 1);
    const { type, shape } = operand(node, 0, types);
    return [{ type, shape }];
  };
}

/** Two operands of one type, broadcast; the result has their type or the given one. */
function binary(types?: readonly DataType[], result?: DataType): Rule {
  return (node) => {
    expectCounts(node, 2);
    const values = [operand(node, 0, types), operand(node, 1, types)];
    const type = expectOneType(node, values);
    return [{ type: result ?? type, shape: broadcastOf(node, values) }];
  };
}

/** One operand or more, of one type, broadcast. */
const variadic: Rule = (node) => {
  expectCounts(node, Infinity);
  if (node.inputs.length === 0) mismatch(node, 'takes at least one input');
  const values = node.inputs.map((_, index) => operand(node, index, numericTypes));
  return [{ type: expectOneType(node, values), shape: broadcastOf(node, values) }];
};

export const elementwise = {
  Add: binary(numericTypes),
  Sub: binary(numericTypes),
  Mul: binary(numericTypes),
  Div: binary(numericTypes),
  // The exponent may have a type of its own.
  Pow: (node) => {
    expectCounts(node, 2);
    const values = [operand(node, 0, integerAndFloat), operand(node, 1, numericTypes)];
    return [{ type: values[0]!.type, shape: broadcastOf(node, values) }];
  },
  Max: variadic,
  Min: variadic,
  Neg: unary(signedTypes),
  Abs: unary(numericTypes),
  Sign: unary(numericTypes),
  Exp: unary(floatTypes),
  Log: unary(floatTypes),
  Sqrt: unary(floatTypes),
  Reciprocal: unary(floatTypes),
  Erf: unary(numericTypes),
  Tanh: unary(floatTypes),
  Sigmoid: unary(floatTypes),
  HardSigmoid: unary(floatTypes),
  Softplus: unary(floatTypes),
  Relu: unary(signedTypes),
  Silu: unary(floatTypes),
  SiluGradient: (node) => {
    expectCounts(node, 3);
    const operands = [operand(node, 0, floatTypes), operand(node, 1), operand(node, 2)];
    const { shape } = operands[0]!;
    if (operands.some((each) => each.shape.join() !== shape.join())) mismatch(node, 'all three have one shape');
    return [{ type: expectOneType(node, operands), shape }];
  },
  ReluGradient: (node) => {
    expectCounts(node, 2);
    const [dy, y] = [operand(node, 0, floatTypes), operand(node, 1)];
    if (dy.shape.join() !== y.shape.join()) mismatch(node, 'the gradient must have the shape of the output');
    return [{ type: expectOneType(node, [dy, y]), shape: y.shape }];
  },
  LeakyRelu: unary(floatTypes),
  Clip: (node) => {
    expectCounts(node, 3);
    const x = operand(node, 0, numericTypes);
    const bounds = [optional(node, 1), optional(node, 2)];
    expectOneType(node, [x, ...bounds]);
    if (bounds.some((bound) => bound !== undefined && bound.shape.length > 0)) {
      mismatch(node, 'the bounds must be scalars');
    }
    return [{ type: x.type, shape: x.shape }];
  },
  Gelu: unary(floatTypes),
  Floor: unary(floatTypes),
  Identity: unary(),
  After: (node) => {
    expectCounts(node, 2);
    operand(node, 1);
    const { type, shape } = operand(node, 0);
    return [{ type, shape }];
  },
  KeepShape: (node) => {
    expectCounts(node, 2);
    const [x, zeros] = [operand(node, 0), operand(node, 1, ['int64'])];
    if (zeros.shape.join() !== String(x.shape.length)) mismatch(node, 'there must be a zero for every size');
    return [{ type: x.type, shape: x.shape }];
  },
  Cast: (node) => {
    expectCounts(node, 1);
    return [{ type: node.attributes.to, shape: operand(node, 0).shape }];
  },
  DequantizeLinear: (node) => {
    expectCounts(node, 2);
    const [{ shape }, scale] = [operand(node, 0, ['uint8']), operand(node, 1, ['float32'])];
    if (scale.shape.length > 1) mismatch(node, 'the scale is one number, or one for each place along an axis');
    return [{ type: 'float32', shape }];
  },
  Equal: binary(undefined, 'bool'),
  Greater: binary(numericTypes, 'bool'),
  GreaterOrEqual: binary(numericTypes, 'bool'),
  Less: binary(numericTypes, 'bool'),
  LessOrEqual: binary(numericTypes, 'bool'),
  And: binary(['bool']),
  Or: binary(['bool']),
  Not: unary(['bool']),
  Where: (node) => {
    expectCounts(node, 3);
    const condition = operand(node, 0, ['bool']);
    const branches = [operand(node, 1), operand(node, 2)];
    return [{ type: expectOneType(node, branches), shape: broadcastOf(node, [condition, ...branches]) }];
  },
} satisfies Partial<InferenceTable>;
