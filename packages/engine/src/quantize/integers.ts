/**
 * @file The arithmetic of 8-bit integers: real = scale * (integer - zero point) (Jacob et al. 2018, "Quantization and
 * training of neural networks for efficient integer-arithmetic-only inference", equation 1). Activations are uint8
 * with a zero point, weights int8 around zero with a scale per output channel, biases int32.
 */
import { sizeOf, tensor, type Tensor } from '../graph/tensor.ts';

/** How a tensor of activations is stored in uint8. */
export interface ActivationScale {
  readonly scale: number;
  /** The integer that stands for 0. */
  readonly zeroPoint: number;
}

/** The least and the greatest value that are told apart; everything beyond becomes one of them. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/**
 * The uint8 form of a range, which is widened to hold 0: padding and rectified values must be exact. The scale is
 * rounded to float32, which is what a model file holds.
 */
export function activationScale({ low, high }: Range): ActivationScale {
  const [least, greatest] = [Math.min(0, low), Math.max(0, high)];
  const scale = Math.fround((greatest - least) / 255);
  // Never anything but 0: any scale will do.
  if (scale === 0) return { scale: 1, zeroPoint: 0 };
  return { scale, zeroPoint: Math.min(255, Math.max(0, roundHalfToEven(-least / scale))) };
}

/** As QuantizeLinear of ONNX rounds: 0.5 -> 0, 1.5 -> 2, 2.5 -> 2. */
export function roundHalfToEven(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  if (rest !== 0.5) return Math.round(x);
  return below % 2 === 0 ? below : below + 1;
}

export interface WeightOptions {
  /** The axis of output channels. */
  readonly axis: number;
  /** A scale for each output channel (default), or one for all. */
  readonly perChannel?: boolean;
  /**
   * `safe` (default) leaves every channel so much room that the sum of two products with uint8 activations stays within
   * 16 bits: processors with AVX2 but no VNNI add pairs so and clip what is beyond (VPMADDUBSW), which would give
   * other answers there. 255 * (a + b) <= 32767 holds for a + b <= 128, for any two weights of one sign. `full` uses
   * all of -127..127 everywhere.
   */
  readonly range?: 'safe' | 'full';
}

/** Scales below this would lose digits in float32; weights so small are 0. */
const NOTHING = 1e-30;

export interface IntegerWeights {
  readonly content: Tensor<'int8'>;
  /** Per output channel, float32; all equal when not per channel. */
  readonly scales: Float32Array;
  readonly axis: number;
}

/**
 * Weights in int8.
 * @param atLeast per output channel, a scale that must not be gone below
 */
export function integerWeights(weights: Tensor, options: WeightOptions, atLeast?: Float32Array): IntegerWeights {
  const { axis, perChannel = true, range = 'safe' } = options;
  const channels = weights.shape[axis]!;
  const inner = sizeOf(weights.shape.slice(axis + 1));
  const channelOf = (index: number): number => Math.floor(index / inner) % channels;
  const values = weights.data as Float32Array;
  const largest = largestOf(values, perChannel ? channels : 1, perChannel ? channelOf : () => 0, range);
  const scales = Float32Array.from({ length: channels }, (_, channel) => {
    const scale = Math.max((largest[perChannel ? channel : 0] ?? 0) / 127, atLeast?.[channel] ?? 0);
    return scale < NOTHING ? 1 : scale;
  });
  const content = tensor('int8', weights.shape);
  values.forEach((value, index) => {
    content.data[index] = Math.min(127, Math.max(-127, roundHalfToEven(value / scales[channelOf(index)]!)));
  });
  return { content, scales, axis };
}

/**
 * What 127 has to stand for: the largest magnitude or, to be safe, the largest sum of two weights of one sign, whose
 * rounded integers then add up to 128 at most.
 */
function largestOf(
  values: Float32Array,
  channels: number,
  channelOf: (index: number) => number,
  range: 'safe' | 'full',
): Float64Array {
  // Per channel: the two greatest of the positive, the two greatest magnitudes of the negative.
  const top = new Float64Array(channels * 4);
  values.forEach((value, index) => {
    const at = channelOf(index) * 4 + (value < 0 ? 2 : 0);
    const size = Math.abs(value);
    if (size > top[at]!) {
      top[at + 1] = top[at]!;
      top[at] = size;
    } else if (size > top[at + 1]!) {
      top[at + 1] = size;
    }
  });
  const sum = (at: number): number => top[at]! + (range === 'safe' ? top[at + 1]! : 0);
  return Float64Array.from({ length: channels }, (_, channel) => Math.max(sum(channel * 4), sum(channel * 4 + 2)));
}

/** The real numbers that int8 weights stand for. */
export function realWeights({ content, scales, axis }: IntegerWeights): Tensor<'float32'> {
  const inner = sizeOf(content.shape.slice(axis + 1));
  const real = tensor('float32', content.shape);
  content.data.forEach((value, index) => {
    real.data[index] = value * scales[Math.floor(index / inner) % scales.length]!;
  });
  return real;
}

/** Bound of the integers of a bias: half of int32's, so that sums with products stay within it. */
const BIAS_LIMIT = 2 ** 30;

/** The least weight scale per channel at which a bias still fits into int32 at scale input * weight. */
export function scalesForBias(bias: Tensor, input: ActivationScale): Float32Array {
  return (bias.data as Float32Array).map((value) => Math.abs(value) / input.scale / BIAS_LIMIT);
}

/** A bias in int32 in units of input scale * weight scale, in which the products are added up. */
export function integerBias(
  bias: Tensor,
  input: ActivationScale,
  scales: Float32Array,
): { readonly content: Tensor<'int32'>; readonly scales: Float32Array } {
  const units = scales.map((scale) => scale * input.scale);
  const content = tensor('int32', bias.shape);
  (bias.data as Float32Array).forEach((value, channel) => {
    content.data[channel] = roundHalfToEven(value / units[channel]!);
  });
  return { content, scales: units };
}
