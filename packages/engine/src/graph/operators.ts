/**
 * @file The operators the engine knows, with their attributes: ONNX operator set {@link OPSET}, names and meanings as in
 * the specification (https://onnx.ai/onnx/operators/). A key here obliges the tables of shapes and of gradient rules
 * to have an entry: leaving one out does not compile.
 */
import type { DataType } from './tensor.ts';

/** The operator set version that graphs are built and written in. */
export const OPSET = 20;

type None = Record<never, never>;
interface Axis {
  /** May be negative: counted from the end. */
  readonly axis?: number;
}
interface Reduction {
  readonly keepdims?: 0 | 1;
}
/** Spatial lists hold one number per spatial axis; `pads` holds all begins, then all ends. */
interface Window {
  readonly kernel_shape: readonly number[];
  readonly strides?: readonly number[];
  readonly pads?: readonly number[];
}
interface Convolution extends Window {
  readonly dilations?: readonly number[];
  readonly group?: number;
}

export interface OperatorAttributes {
  // Arithmetic, with multidirectional broadcasting.
  Add: None;
  Sub: None;
  Mul: None;
  Div: None;
  Pow: None;
  Max: None;
  Min: None;
  // One input, elementwise.
  Neg: None;
  Abs: None;
  Sign: None;
  Exp: None;
  Log: None;
  Sqrt: None;
  Reciprocal: None;
  Erf: None;
  Tanh: None;
  Sigmoid: None;
  HardSigmoid: { readonly alpha?: number; readonly beta?: number };
  Softplus: None;
  Relu: None;
  LeakyRelu: { readonly alpha?: number };
  /** min and max are optional second and third inputs. */
  Clip: None;
  Gelu: { readonly approximate?: 'none' | 'tanh' };
  Floor: None;
  Identity: None;
  /** Ours: x [...], y -> x, which nobody reads before y is known. */
  After: None;
  Cast: { readonly to: DataType };
  /** Made by lowering: x uint8, scale float32 [], or one number for each place along `axis` -> x scale. */
  DequantizeLinear: Axis;
  // Comparison and choice.
  Equal: None;
  Greater: None;
  GreaterOrEqual: None;
  Less: None;
  LessOrEqual: None;
  And: None;
  Or: None;
  Not: None;
  Where: None;
  // Linear algebra.
  MatMul: None;
  Gemm: { readonly alpha?: number; readonly beta?: number; readonly transA?: 0 | 1; readonly transB?: 0 | 1 };
  /** The runtime's own, made by lowering alone: a MatMul that reads matrices transposed. */
  FusedMatMul: { readonly transA?: 0 | 1; readonly transB?: 0 | 1 };
  // Convolution and pooling over [N, C, H, W].
  Conv: Convolution;
  ConvTranspose: Convolution & { readonly output_padding?: readonly number[] };
  /** Second output: flat indices into the whole input, as the specification has it. */
  MaxPool: Window & { readonly dilations?: readonly number[]; readonly ceil_mode?: 0 | 1 };
  AveragePool: Window & { readonly ceil_mode?: 0 | 1; readonly count_include_pad?: 0 | 1 };
  GlobalAveragePool: None;
  /** Ours: dy [N, O, ...], w [O, C / group, ...kernel] -> dx [N, C, ...input_sizes]. */
  ConvInputGradient: Convolution & { readonly input_sizes: readonly number[] };
  /** Ours: x [N, C, ...], dy [N, O, ...] -> dw [O, C / group, ...kernel]. */
  ConvWeightGradient: Convolution;
  // The runtime's own, made by lowering alone: tensors of shape [N, C, H, W] that lie in memory as [N, C / b, H, W, b].
  /** `channels_last`: from [N, H, W, C] instead of [N, C, H, W]. */
  NchwcReorderInput: { readonly channels_last?: 0 | 1 };
  /** `channels_last`: to [N, H, W, C] instead of [N, C, H, W]. */
  NchwcReorderOutput: { readonly channels: number; readonly channels_last?: 0 | 1 };
  /** Inputs: x, w, and optionally a bias per channel and a sum; activation(conv(x, w) + bias + sum). */
  NchwcConv: Convolution & {
    readonly activation?: 'Relu' | 'Clip' | 'HardSigmoid';
    /** Clip: least, most. HardSigmoid: slope, offset. */
    readonly activation_params?: readonly number[];
  };
  NchwcGlobalAveragePool: None;
  /** Made by lowering: x, zeros int64 [rank of x] -> x; ONNX's Reshape, in which a size of 0 keeps what is there. */
  KeepShape: None;
  // Normalisation.
  /** Inference form: statistics are inputs. Training uses {@link OperatorAttributes.BatchNormalizationTraining}. */
  BatchNormalization: { readonly epsilon?: number };
  /**
   * Ours, lowered to reductions before the graph is written: x [N, C, ...], scale [C], bias [C] -> y, mean [C],
   * biased variance [C], 1 / sqrt(variance + epsilon) [C] (Ioffe and Szegedy 2015, algorithm 1).
   */
  BatchNormalizationTraining: { readonly epsilon: number };
  /** Ours: dy, x [N, C, ...], scale, mean, 1 / sqrt(variance + epsilon) [C] -> dx, dscale, dbias. */
  BatchNormalizationGradient: None;
  /** Ours: x sigmoid(x) (Elfwing et al. 2018). */
  Silu: None;
  /** Ours: dy, x, y = x s with s = sigmoid(x) [...] -> dy s (1 + x - y), which is dy (s + y (1 - s)). */
  SiluGradient: None;
  /** Ours: dy, y [...] -> dy where 0 < y, and below `upper` where there is one; 0 elsewhere. */
  ReluGradient: { readonly upper?: number };
  /** Outputs: y, and optionally mean and 1 / standard deviation. */
  LayerNormalization: Axis & { readonly epsilon?: number };
  Softmax: Axis;
  LogSoftmax: Axis;
  // Reductions; axes are the optional second input.
  ReduceSum: Reduction;
  ReduceMean: Reduction;
  ReduceMax: Reduction;
  ReduceSumSquare: Reduction;
  ArgMax: Axis & Reduction;
  // Shape and selection.
  Reshape: None;
  Flatten: Axis;
  Transpose: { readonly perm: readonly number[] };
  Squeeze: None;
  Unsqueeze: None;
  Expand: None;
  Concat: { readonly axis: number };
  /** Sizes are the second input, always given. */
  Split: Axis;
  Slice: None;
  Pad: { readonly mode?: 'constant' };
  Gather: Axis;
  GatherElements: Axis;
  ScatterElements: Axis & { readonly reduction?: 'none' | 'add' };
  OneHot: Axis;
  /** Nearest neighbour with whole-number scales (third input), coordinates as `asymmetric` and `floor`. */
  Resize: {
    readonly mode: 'nearest';
    readonly coordinate_transformation_mode: 'asymmetric';
    readonly nearest_mode: 'floor';
  };
}

export type OperatorType = keyof OperatorAttributes;

/** What ONNX does not have: made while a training step is written, and replaced when it is lowered. */
const ours: ReadonlySet<OperatorType> = new Set([
  'After',
  'BatchNormalizationTraining',
  'BatchNormalizationGradient',
  'ConvInputGradient',
  'ConvWeightGradient',
  'ReluGradient',
  'Silu',
  'SiluGradient',
] satisfies OperatorType[]);

/** Whether an operator has to be lowered before the graph is written. */
export function isOurs(type: OperatorType): boolean {
  return ours.has(type);
}
