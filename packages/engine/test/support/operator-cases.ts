/** @file Random legal applications of every operator: operands small, shapes and attributes over their whole variety. */
import type { OperatorAttributes, OperatorType } from '../../src/graph/operators.ts';
import { tensor, type DataType } from '../../src/graph/tensor.ts';
import { Graph } from '../../src/graph/graph.ts';
import type { Random } from '../../src/random.ts';
import {
  anything,
  arithmeticTypes,
  axisOf,
  broadcastPairs,
  elements,
  fed,
  filled,
  floatTypes,
  given,
  list,
  maybeCeil,
  movable,
  picture,
  positions,
  shapeOf,
  someAxes,
  windowOf,
  type Operand,
} from './operands.ts';

export interface OperatorCase<T extends OperatorType = OperatorType> {
  readonly inputs: readonly (Operand | undefined)[];
  readonly attributes: OperatorAttributes[T];
  readonly count?: number;
}

/** A case of an operator without attributes. */
interface Bare {
  readonly inputs: readonly Operand[];
  readonly attributes: Record<never, never>;
}

/** What lowering alone makes is tested with lowering. */
export type CasedType = Exclude<OperatorType, 'DequantizeLinear' | 'FusedMatMul' | 'KeepShape' | `Nchwc${string}`>;
type CaseTable = { readonly [T in CasedType]: (random: Random) => OperatorCase<T> };

function unary(...types: readonly DataType[]): (random: Random) => Bare {
  return (random) => ({ inputs: [fed(filled(random, random.pick(types), shapeOf(random)))], attributes: {} });
}

function unaryWith(attributes: readonly object[]): (random: Random) => Bare {
  return (random) => ({ ...unary('float32')(random), attributes: random.pick(attributes) });
}

function binary(...types: readonly DataType[]): (random: Random) => Bare {
  return (random) => {
    const type = random.pick(types);
    return { inputs: random.pick(broadcastPairs).map((shape) => fed(filled(random, type, shape))), attributes: {} };
  };
}

const variadic = (random: Random): Bare => {
  const type = random.pick(arithmeticTypes);
  const pair = random.pick(broadcastPairs);
  const shapes = [...pair, ...(random.chance(0.5) ? [pair[0]] : [])].slice(0, random.integer(1, 3));
  return { inputs: shapes.map((shape) => fed(filled(random, type, shape))), attributes: {} };
};

function reduction(
  ...types: readonly DataType[]
): (random: Random) => Pick<OperatorCase<'ReduceSum'>, 'inputs' | 'attributes'> {
  return (random) => {
    const shape = shapeOf(random, 1);
    const axes = random.pick([[], [undefined], [list([])], [list(someAxes(random, shape.length))]]);
    return {
      inputs: [fed(filled(random, random.pick(types), shape)), ...axes],
      attributes: random.pick([{}, { keepdims: 0 }, { keepdims: 1 }]),
    };
  };
}

const alongAxis = (random: Random): Pick<OperatorCase<'Softmax'>, 'inputs' | 'attributes'> => {
  const shape = shapeOf(random, 1);
  const attributes = random.chance(0.8) ? { axis: axisOf(random, shape.length) } : {};
  return { inputs: [fed(filled(random, random.pick(floatTypes), shape))], attributes };
};

/** A convolution, and the shape of its output. */
function convolutionParts(random: Random) {
  const group = random.pick([1, 1, 2]);
  const [perGroup, filters] = [random.integer(1, 2), group * random.integer(1, 2)];
  const window = windowOf(random, true);
  const attributes = { ...window, group };
  const x = picture(random, perGroup * group);
  const weights = fed(filled(random, 'float32', [filters, perGroup, ...window.kernel_shape]));
  const graph = new Graph();
  const operands = [x, weights].map(({ content }, index) => graph.input(`x${index}`, 'float32', content.shape));
  return { x, weights, attributes, dy: graph.op('Conv', operands, attributes).shape as number[] };
}

/** For every operator, a random legal application. */
const operatorCases: CaseTable = {
  Add: binary(...arithmeticTypes),
  Sub: binary(...arithmeticTypes),
  Mul: binary(...arithmeticTypes),
  Div: binary(...arithmeticTypes),
  Pow: (random) => {
    const [base, exponent] = random.pick(broadcastPairs);
    const types = [random.pick(arithmeticTypes), random.pick(arithmeticTypes)] as const;
    return { inputs: [fed(filled(random, types[0], base)), fed(filled(random, types[1], exponent))], attributes: {} };
  },
  Max: variadic,
  Min: variadic,
  Neg: unary(...arithmeticTypes),
  Abs: unary(...arithmeticTypes),
  Sign: unary(...arithmeticTypes),
  Exp: unary(...floatTypes),
  Log: unary(...floatTypes),
  Sqrt: unary(...floatTypes),
  Reciprocal: unary(...floatTypes),
  Erf: unary('float32'),
  Tanh: unary(...floatTypes),
  Sigmoid: unary(...floatTypes),
  HardSigmoid: unaryWith([{}, { alpha: 0.5, beta: 0.25 }]),
  Silu: unary(...floatTypes),
  Softplus: unary('float32'),
  Relu: unary('float32', 'float64', 'int32'),
  LeakyRelu: unaryWith([{}, { alpha: 0.2 }, { alpha: 0.015 }]),
  Clip: (random) => {
    const type = random.pick(arithmeticTypes);
    const bound = (): Operand | undefined => (random.chance(0.5) ? fed(filled(random, type, [])) : undefined);
    return { inputs: [fed(filled(random, type, shapeOf(random))), bound(), bound()], attributes: {} };
  },
  Gelu: unaryWith([{}, { approximate: 'none' }, { approximate: 'tanh' }]),
  Floor: unary(...floatTypes),
  Identity: unary(...movable),
  Cast: (random) => ({ ...unary(...movable)(random), attributes: { to: random.pick(movable) } }),
  Equal: binary(...arithmeticTypes, 'bool'),
  Greater: binary(...arithmeticTypes),
  GreaterOrEqual: binary(...arithmeticTypes),
  Less: binary(...arithmeticTypes),
  LessOrEqual: binary(...arithmeticTypes),
  And: binary('bool'),
  Or: binary('bool'),
  Not: unary('bool'),
  Where: (random) => {
    const [condition, branch] = random.shuffle(random.pick(broadcastPairs));
    const type = random.pick(arithmeticTypes);
    const branches = random.shuffle([branch!, []]).map((shape) => fed(filled(random, type, shape)));
    return { inputs: [fed(filled(random, 'bool', condition!)), ...branches], attributes: {} };
  },
  MatMul: (random) => {
    const [m, k, n] = [random.integer(1, 4), random.integer(1, 4), random.integer(1, 4)];
    const type = random.pick(arithmeticTypes);
    const shapes = random.pick([
      [[m, k], [k, n]],
      [[k], [k, n]],
      [[m, k], [k]],
      [[2, m, k], [k, n]],
      [[m, k], [3, k, n]],
      [[2, 1, m, k], [3, k, n]],
      [[k], [2, k, n]],
      [[2, m, k], [k]],
    ]); // prettier-ignore
    return { inputs: shapes.map((shape) => fed(filled(random, type, shape))), attributes: {} };
  },
  Gemm: (random) => {
    const [m, k, n] = [random.integer(1, 4), random.integer(1, 4), random.integer(1, 4)];
    const [transA, transB] = [random.pick([0, 1] as const), random.pick([0, 1] as const)];
    const type = random.pick(floatTypes);
    const bias = random.pick([[], [[]], [[n]], [[1, n]], [[m, 1]], [[m, n]]]);
    return {
      inputs: [
        fed(filled(random, type, transA === 1 ? [k, m] : [m, k])),
        fed(filled(random, type, transB === 1 ? [n, k] : [k, n])),
        ...bias.map((shape) => fed(filled(random, type, shape))),
      ],
      attributes: { transA, transB, ...(random.chance(0.5) && { alpha: 0.5, beta: 2 }) },
    };
  },
  Conv: (random) => {
    const group = random.pick([1, 1, 2, 3]);
    const [perGroup, filters] = [random.integer(1, 2), group * random.integer(1, 2)];
    const window = windowOf(random, true);
    const weights = fed(filled(random, 'float32', [filters, perGroup, ...window.kernel_shape]));
    const bias = random.chance(0.5) ? [fed(filled(random, 'float32', [filters]))] : [];
    return { inputs: [picture(random, perGroup * group), weights, ...bias], attributes: { ...window, group } };
  },
  ConvTranspose: (random) => {
    const group = random.pick([1, 1, 2, 3]);
    const [channels, perGroup] = [group * random.integer(1, 2), random.integer(1, 2)];
    const window = windowOf(random, true);
    const weights = fed(filled(random, 'float32', [channels, perGroup, ...window.kernel_shape]));
    const bias = random.chance(0.5) ? [fed(filled(random, 'float32', [perGroup * group]))] : [];
    const extra = (window.strides ?? [1, 1]).map((stride) => random.integer(0, stride - 1));
    return {
      inputs: [picture(random, channels), weights, ...bias],
      attributes: { ...window, group, ...(random.chance(0.5) && { output_padding: extra }) },
    };
  },
  ConvInputGradient: (random) => {
    const { x, dy, weights, attributes } = convolutionParts(random);
    const input_sizes = x.content.shape.slice(2);
    return { inputs: [fed(filled(random, 'float32', dy)), weights], attributes: { ...attributes, input_sizes } };
  },
  ConvWeightGradient: (random) => {
    const { x, dy, attributes } = convolutionParts(random);
    return { inputs: [x, fed(filled(random, 'float32', dy))], attributes };
  },
  MaxPool: (random) => ({
    inputs: [picture(random, 2, random.pick(['float32', 'float64', 'int8', 'uint8']))],
    attributes: { ...windowOf(random, true), ...maybeCeil(random) },
    count: random.integer(1, 2),
  }),
  AveragePool: (random) => ({
    inputs: [picture(random)],
    attributes: {
      ...windowOf(random, false),
      ...maybeCeil(random),
      ...(random.chance(0.5) && { count_include_pad: random.pick([0, 1] as const) }),
    },
  }),
  GlobalAveragePool: (random) => ({ inputs: [picture(random)], attributes: {} }),
  BatchNormalization: (random) => {
    const type = random.pick(floatTypes);
    const shape = shapeOf(random, 2);
    const vectors = [0, 1, 2, 3].map(() => fed(filled(random, type, [shape[1]!])));
    return {
      inputs: [fed(filled(random, type, shape)), ...vectors],
      attributes: random.chance(0.5) ? { epsilon: 1e-3 } : {},
    };
  },
  BatchNormalizationTraining: (random) => {
    const type = random.pick(floatTypes);
    const shape = shapeOf(random, 2);
    const vectors = [0, 1].map(() => fed(filled(random, type, [shape[1]!])));
    return {
      inputs: [fed(filled(random, type, shape)), ...vectors],
      attributes: { epsilon: 1e-5 },
      count: random.integer(1, 4),
    };
  },
  BatchNormalizationGradient: (random) => {
    const type = random.pick(floatTypes);
    const shape = shapeOf(random, 2);
    const pictures = [0, 1].map(() => fed(filled(random, type, shape)));
    const vectors = [0, 1, 2].map(() => fed(filled(random, type, [shape[1]!])));
    return { inputs: [...pictures, ...vectors], attributes: {}, count: 3 };
  },
  After: (random) => ({
    inputs: [0, 1].map(() => fed(filled(random, random.pick(floatTypes), shapeOf(random)))),
    attributes: {},
  }),
  SiluGradient: (random) => {
    const [type, shape] = [random.pick(floatTypes), shapeOf(random)];
    return { inputs: [0, 1, 2].map(() => fed(filled(random, type, shape))), attributes: {} };
  },
  ReluGradient: (random) => {
    const [type, size] = [random.pick(floatTypes), shapeOf(random)];
    return { inputs: [0, 1].map(() => fed(filled(random, type, size))), attributes: random.pick([{}, { upper: 0.5 }]) };
  },
  LayerNormalization: (random) => {
    const shape = shapeOf(random, 1);
    const axis = axisOf(random, shape.length);
    const part = shape.slice(axis);
    const bias = random.chance(0.5) ? [fed(filled(random, 'float32', part))] : [];
    return {
      inputs: [fed(filled(random, 'float32', shape)), fed(filled(random, 'float32', part)), ...bias],
      attributes: { axis, ...(random.chance(0.5) && { epsilon: 1e-3 }) },
      count: random.integer(1, 3),
    };
  },
  Softmax: alongAxis,
  LogSoftmax: alongAxis,
  ReduceSum: reduction(...arithmeticTypes),
  ReduceMean: reduction('float32', 'float64', 'int32'),
  ReduceMax: reduction(...arithmeticTypes, 'int8', 'uint8'),
  ReduceSumSquare: reduction('float32', 'float64', 'int32'),
  ArgMax: (random) => {
    const shape = shapeOf(random, 1);
    return {
      inputs: [fed(filled(random, random.pick(['float32', 'float64', 'int32']), shape))],
      attributes: {
        ...(random.chance(0.8) && { axis: axisOf(random, shape.length) }),
        ...random.pick([{}, { keepdims: 0 }, { keepdims: 1 }] as const),
      },
    };
  },
  Reshape: (random) => {
    const [a, b, c] = [random.integer(1, 4), random.integer(1, 4), random.integer(1, 4)];
    const shape = random.pick([[a * b, c], [0, b, -1], [-1], [a, -1, 1], [0, 0, 1, c], [c, b, a], [0, -1]]);
    return { inputs: [anything(random, [a, b, c]), list(shape)], attributes: {} };
  },
  Flatten: (random) => {
    const shape = shapeOf(random, 1);
    const attributes = random.chance(0.8) ? { axis: random.integer(-shape.length, shape.length) } : {};
    return { inputs: [anything(random, shape)], attributes };
  },
  Transpose: (random) => {
    const shape = shapeOf(random, 1);
    return { inputs: [anything(random, shape)], attributes: { perm: random.shuffle([...shape.keys()]) } };
  },
  Squeeze: (random) => {
    const shape = [1, ...shapeOf(random, 1, 3), 1];
    const axes = random.pick([[], [list([0])], [list([-1, 0])], [list([shape.length - 1])]]);
    return { inputs: [anything(random, shape), ...axes], attributes: {} };
  },
  Unsqueeze: (random) => {
    const axes = random.pick([[0], [-1], [0, 2], [1, -1]]);
    return { inputs: [anything(random, shapeOf(random, 1, 3)), list(axes)], attributes: {} };
  },
  Expand: (random) => {
    const [from, to] = random.pick(broadcastPairs);
    return { inputs: [anything(random, from), list(to)], attributes: {} };
  },
  Concat: (random) => {
    const shape = shapeOf(random, 1);
    const axis = axisOf(random, shape.length);
    const type = random.pick(movable);
    const inputs = Array.from({ length: random.integer(1, 3) }, () =>
      fed(filled(random, type, shape.with(axis, random.integer(1, 3)))),
    );
    return { inputs, attributes: { axis } };
  },
  Split: (random) => {
    const shape = shapeOf(random, 1);
    const axis = axisOf(random, shape.length);
    const sizes = Array.from({ length: random.integer(1, 3) }, () => random.integer(1, 3));
    const whole = shape.with(
      axis,
      sizes.reduce((a, b) => a + b),
    );
    return { inputs: [anything(random, whole), list(sizes)], attributes: { axis }, count: sizes.length };
  },
  Slice: (random) => {
    const shape = shapeOf(random, 1);
    const axes = someAxes(random, shape.length);
    const ends = axes.map(() => random.pick([-6, -2, -1, 1, 2, 3, 9, Number.MAX_SAFE_INTEGER]));
    const starts = axes.map(() => random.integer(-5, 5));
    const steps = axes.map(() => random.pick([-2, -1, 1, 2]));
    const rest = random.pick([[list(axes), list(steps)], [list(axes)], []]);
    const length = rest.length === 0 ? random.integer(1, shape.length) : axes.length;
    const sized = (values: number[]): Operand => list(Array.from({ length }, (_, at) => values[at] ?? 1));
    return { inputs: [anything(random, shape), sized(starts), sized(ends), ...rest], attributes: {} };
  },
  Pad: (random) => {
    const shape = shapeOf(random, 1);
    const type = random.pick(['float32', 'float64', 'int32', 'int64'] as const);
    const pads = [...shape, ...shape].map(() => random.integer(0, 2));
    const value = random.pick([[], [fed(filled(random, type, []))]]);
    return {
      inputs: [fed(filled(random, type, shape)), list(pads), ...value],
      attributes: random.chance(0.5) ? { mode: 'constant' } : {},
    };
  },
  Gather: (random) => {
    const shape = shapeOf(random, 1, 3);
    const axis = axisOf(random, shape.length);
    const indices = positions(random, random.pick(['int32', 'int64']), shapeOf(random, 0, 2), shape.at(axis)!);
    return { inputs: [anything(random, shape), fed(indices)], attributes: { axis } };
  },
  GatherElements: (random) => {
    const { data, indices, axis } = elements(random);
    return { inputs: [data, indices], attributes: { axis } };
  },
  ScatterElements: (random) => {
    const { data, indices, shape, axis } = elements(random);
    const reduction = random.pick([{}, { reduction: 'none' }, { reduction: 'add' }] as const);
    return {
      inputs: [data, indices, fed(filled(random, 'float32', shape))],
      attributes: { axis, ...reduction },
    };
  },
  OneHot: (random) => {
    const shape = shapeOf(random, 1, 3);
    const depth = random.integer(2, 5);
    return {
      inputs: [
        fed(positions(random, 'int64', shape, depth)),
        given(tensor('int64', [], BigInt64Array.of(BigInt(depth)))),
        fed(filled(random, random.pick(['float32', 'int64']), [2])),
      ],
      attributes: random.chance(0.8) ? { axis: axisOf(random, shape.length + 1) } : {},
    };
  },
  Resize: (random) => {
    const scales = [1, 1, random.integer(1, 3), random.integer(1, 3)];
    return {
      inputs: [picture(random), undefined, given(tensor('float32', [4], Float32Array.from(scales)))],
      attributes: { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' },
    };
  },
};

export const operatorTypes = Object.keys(operatorCases) as readonly CasedType[];

/** The case of one operator as the union, for suites that go through the table. */
export function caseOf<T extends CasedType>(type: T, random: Random): OperatorCase<T> {
  const make: (random: Random) => OperatorCase<T> = operatorCases[type];
  return make(random);
}
