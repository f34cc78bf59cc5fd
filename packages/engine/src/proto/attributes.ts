/** @file How each operator's attributes are stored: ONNX's attribute types, and what the engine holds them to. */
import type { OperatorAttributes, OperatorType } from '../graph/operators.ts';
import type { DataType } from '../graph/tensor.ts';

/** `flag` is 0 or 1; a list of words is a string that must be one of them; `type` an element type. */
type KindOf<V> = [V] extends [readonly number[]]
  ? 'integers' | 'floats'
  : [V] extends [DataType]
    ? 'type'
    : [V] extends [0 | 1]
      ? 'flag'
      : [V] extends [number]
        ? 'integer' | 'float'
        : readonly V[];

export type Kind = 'integers' | 'floats' | 'type' | 'flag' | 'integer' | 'float' | readonly string[];

/** Required attributes are marked as such. */
type Field<A, K extends keyof A> =
  Record<never, never> extends Pick<A, K> ? KindOf<Exclude<A[K], undefined>> : { readonly required: KindOf<A[K]> };

type AttributeTable = {
  readonly [T in OperatorType]: { readonly [K in keyof OperatorAttributes[T]]-?: Field<OperatorAttributes[T], K> };
};

const pool = { kernel_shape: { required: 'integers' }, strides: 'integers', pads: 'integers' } as const;
const convolution = { ...pool, dilations: 'integers', group: 'integer' } as const;
const reduction = { keepdims: 'flag' } as const;
const axis = { axis: 'integer' } as const;

const table: AttributeTable = {
  Add: {},
  Sub: {},
  Mul: {},
  Div: {},
  Pow: {},
  Max: {},
  Min: {},
  Neg: {},
  Abs: {},
  Sign: {},
  Exp: {},
  Log: {},
  Sqrt: {},
  Reciprocal: {},
  Erf: {},
  Tanh: {},
  Sigmoid: {},
  HardSigmoid: { alpha: 'float', beta: 'float' },
  Softplus: {},
  Relu: {},
  LeakyRelu: { alpha: 'float' },
  Clip: {},
  Gelu: { approximate: ['none', 'tanh'] },
  Floor: {},
  Identity: {},
  Cast: { to: { required: 'type' } },
  DequantizeLinear: axis,
  Equal: {},
  Greater: {},
  GreaterOrEqual: {},
  Less: {},
  LessOrEqual: {},
  And: {},
  Or: {},
  Not: {},
  Where: {},
  MatMul: {},
  Gemm: { alpha: 'float', beta: 'float', transA: 'flag', transB: 'flag' },
  FusedMatMul: { transA: 'flag', transB: 'flag' },
  Conv: convolution,
  ConvTranspose: { ...convolution, output_padding: 'integers' },
  MaxPool: { ...pool, dilations: 'integers', ceil_mode: 'flag' },
  AveragePool: { ...pool, ceil_mode: 'flag', count_include_pad: 'flag' },
  GlobalAveragePool: {},
  NchwcReorderInput: { channels_last: 'flag' },
  NchwcReorderOutput: { channels: { required: 'integer' }, channels_last: 'flag' },
  NchwcConv: { ...convolution, activation: ['Relu', 'Clip', 'HardSigmoid'], activation_params: 'floats' },
  NchwcGlobalAveragePool: {},
  KeepShape: {},
  After: {},
  ConvInputGradient: { ...convolution, input_sizes: { required: 'integers' } },
  ConvWeightGradient: convolution,
  Silu: {},
  SiluGradient: {},
  ReluGradient: { upper: 'float' },
  BatchNormalization: { epsilon: 'float' },
  BatchNormalizationTraining: { epsilon: { required: 'float' } },
  BatchNormalizationGradient: {},
  LayerNormalization: { ...axis, epsilon: 'float' },
  Softmax: axis,
  LogSoftmax: axis,
  ReduceSum: reduction,
  ReduceMean: reduction,
  ReduceMax: reduction,
  ReduceSumSquare: reduction,
  ArgMax: { ...axis, ...reduction },
  Reshape: {},
  Flatten: axis,
  Transpose: { perm: { required: 'integers' } },
  Squeeze: {},
  Unsqueeze: {},
  Expand: {},
  Concat: { axis: { required: 'integer' } },
  Split: axis,
  Slice: {},
  Pad: { mode: ['constant'] },
  Gather: axis,
  GatherElements: axis,
  ScatterElements: { ...axis, reduction: ['none', 'add'] },
  OneHot: axis,
  Resize: {
    mode: { required: ['nearest'] },
    coordinate_transformation_mode: { required: ['asymmetric'] },
    nearest_mode: { required: ['floor'] },
  },
};

/** One attribute of an operator. */
export interface AttributeField {
  readonly name: string;
  readonly kind: Kind;
  readonly required: boolean;
}

/** The attributes an operator has, in a fixed order. */
export function attributesOf(type: OperatorType): readonly AttributeField[] {
  return Object.entries<Kind | { readonly required: Kind }>(table[type]).map(([name, field]) =>
    typeof field === 'object' && 'required' in field
      ? { name, kind: field.required, required: true }
      : { name, kind: field, required: false },
  );
}

/** Whether a name read from a file is one of the engine's operators. */
export function isOperatorType(name: string): name is OperatorType {
  return Object.hasOwn(table, name);
}
