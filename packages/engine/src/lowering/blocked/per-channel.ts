/** @file One number per channel, against tensors in blocks: both seen as [N, C / b, H W, b]. */
import { tensor } from '../../graph/tensor.ts';
import type { OperatorAttributes } from '../../graph/operators.ts';
import type { Value } from '../../graph/value.ts';
import { sizesOf, type Build } from '../../rules/build.ts';

/** The activation of a blocked convolution. */
export type Activation = Pick<OperatorAttributes['NchwcConv'], 'activation' | 'activation_params'>;

interface Affine {
  /** [C'] */
  readonly scale: Value;
  /** [C'] */
  readonly shift?: Value;
  /** [N, C', H, W] in blocks. */
  readonly sum?: Value;
}

/**
 * activation(x scale + shift + sum) in one pass: a depthwise convolution with a kernel of one point.
 * x [N, C', H, W] in blocks
 */
export function affine(build: Build, x: Value, { scale, shift, sum }: Affine, activation: Activation = {}): Value {
  const channels = sizesOf(x)[1]!;
  const inputs = [x, build.reshape(scale, [channels, 1, 1, 1]), shift, sum];
  return build.graph.op('NchwcConv', sum === undefined ? inputs.slice(0, shift === undefined ? 2 : 3) : inputs, {
    kernel_shape: [1, 1],
    group: channels,
    ...activation,
  });
}

/**
 * Zeros around the maps of x [N, C', H, W] in blocks, shared out among threads. Before it moves anything, the runtime's Pad
 * takes a tenth of a millisecond.
 * @param pads rows and columns before, rows and columns after
 */
export function amongZeros(build: Build, x: Value, pads: readonly number[]): Value {
  const channels = sizesOf(x)[1]!;
  const kernel = build.reshape(everyChannel(build, x, 1), [channels, 1, 1, 1]);
  return build.graph.op('NchwcConv', [x, kernel], { kernel_shape: [1, 1], group: channels, pads });
}

/** One number for every channel. */
export function everyChannel(build: Build, x: Value, value: number): Value {
  const content = tensor('float32', [sizesOf(x)[1]!]);
  return build.graph.constant({ ...content, data: content.data.fill(value) });
}

/** The mean over images and places: x [N, C', H, W] in blocks -> [C'] */
export function channelMean(build: Build, x: Value): Value {
  const [n, channels] = sizesOf(x) as [number, number];
  return overImages(build, build.graph.op('NchwcGlobalAveragePool', [x]), [n, channels], 1 / n);
}

/**
 * The sum of x y over images and places times `by`, both [N, C', H, W] in blocks -> [C']. Each channel of each image is a
 * depthwise convolution of its own, whose kernel is as large as the picture: nothing is written but the sums.
 */
export function channelSumOfProduct(build: Build, x: Value, y: Value, by = 1): Value {
  const [n, channels, height, width] = sizesOf(x) as [number, number, number, number];
  const pictures = build.reshape(x, [1, n * channels, height, width]);
  const kernels = build.reshape(y, [n * channels, 1, height, width]);
  const sums = build.graph.op('NchwcConv', [pictures, kernels], { kernel_shape: [height, width], group: n * channels });
  return overImages(build, sums, [n, channels], by);
}

/** The sum over n times `by`, x [n, C'] in any shape -> [C'] */
function overImages(build: Build, x: Value, sizes: readonly [n: number, channels: number], by: number): Value {
  const weights = tensor('float32', [sizes[0]]);
  return build.matmul(build.graph.constant({ ...weights, data: weights.data.fill(by) }), build.reshape(x, sizes));
}

/** As {@link channelSumOfProduct}, their mean. */
export function channelMeanOfProduct(build: Build, x: Value, y: Value): Value {
  const [n, , height, width] = sizesOf(x) as [number, number, number, number];
  return channelSumOfProduct(build, x, y, 1 / (n * height * width));
}
