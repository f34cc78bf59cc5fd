/**
 * @file The gradient of a convolution with respect to its input. y[n, o, p] = sum over c, k of
 * w[o, c, k] x[n, c, p s + k d - before] gives dx[n, c, q] = sum over o, k, p with p s + k d - before = q of
 * w[o, c, k] dy[n, o, p] (Dumoulin and Visin 2016, chapter 4).
 */
import { tensor } from '../../graph/tensor.ts';
import type { Value } from '../../graph/value.ts';
import { sizesOf, type Build } from '../../rules/build.ts';
import {
  beyondOf,
  isPointwise,
  isUnstrided,
  productOf,
  reachOf,
  spatialAxes,
  type Geometry,
} from '../../rules/convolution/window.ts';

export type InputGradientForm = 'transposed' | 'flipped' | 'pointwise';

/** dy [N, O, ...], w [O, C / group, ...kernel] -> dx [N, C, ...] */
export function inputGradient(build: Build, dy: Value, w: Value, geometry: Geometry): Value {
  const forms = { transposed, flipped, pointwise };
  return forms[inputGradientForm(geometry)](build, dy, w, geometry);
}

/**
 * The form by shape, from measured throughput. At stride 1 a plain convolution wins on maps of 28 x 28 and more, for
 * 1 x 1 kernels, and wherever there are groups. A 1 x 1 kernel with a stride is a product on the small map. The runtime
 * has a fast transposed convolution for depthwise kernels with a stride, and a general one for the rest.
 */
export function inputGradientForm(geometry: Geometry): InputGradientForm {
  const { group, inputSizes } = geometry;
  if (isUnstrided(geometry) && margins(geometry).every((count) => count >= 0)) {
    const large = productOf(inputSizes) >= 28 * 28;
    return group > 1 || isPointwise(geometry) || large ? 'flipped' : 'transposed';
  }
  return group === 1 && isPointwise(geometry) ? 'pointwise' : 'transposed';
}

/** ConvTranspose, whose weights have the layout [O, C / group, ...kernel] already. Any geometry. */
export function transposed(build: Build, dy: Value, w: Value, geometry: Geometry): Value {
  const { kernel, strides, dilations, group, before } = geometry;
  // What the windows cover beyond the input is cut off; what they never reach is appended as zeros.
  const beyond = beyondOf(geometry);
  return build.graph.op('ConvTranspose', [dy, w], {
    kernel_shape: kernel,
    strides,
    dilations,
    group,
    pads: [...before, ...beyond.map((count) => Math.max(count, 0))],
    output_padding: beyond.map((count) => Math.max(-count, 0)),
  });
}

/** The kernel with input and output channels exchanged: w [O, C / group, ...] -> [C, O / group, ...] */
function exchanged(build: Build, w: Value, { kernel, group }: Geometry): Value {
  const [o, c] = sizesOf(w) as [number, number];
  const axes = kernel.map((_, axis) => axis + 2);
  if (group === 1) return build.transpose(w, [1, 0, ...axes]);
  // [O, C/g, ...] -> [g, O/g, C/g, ...] -> [g, C/g, O/g, ...] -> [C, O/g, ...]
  const grouped = build.reshape(w, [group, o / group, c, ...kernel]);
  const turned = build.transpose(grouped, [0, 2, 1, ...axes.map((axis) => axis + 1)]);
  return build.reshape(turned, [group * c, o / group, ...kernel]);
}

/** Zeros around dy: reach - 1 - before at the front, and at the back what fills up to the input size. */
function margins(geometry: Geometry): number[] {
  const { before, inputSizes, outputSizes } = geometry;
  const reach = reachOf(geometry);
  const front = reach.map((size, axis) => size - 1 - before[axis]!);
  return [...front, ...inputSizes.map((size, axis) => size - outputSizes[axis]! + before[axis]!)];
}

/** Stride 1: a convolution of dy with the kernel turned round and its channels exchanged. */
export function flipped(build: Build, dy: Value, w: Value, geometry: Geometry): Value {
  const { kernel, dilations, group } = geometry;
  const weights = exchanged(build, build.flip(w, spatialAxes(geometry)), geometry);
  return build.graph.op('Conv', [dy, weights], { kernel_shape: kernel, dilations, group, pads: margins(geometry) });
}

/**
 * 1 x 1 with a stride: w^T dy on the small map, whose points are then placed among zeros by a depthwise transposed
 * convolution with weights of 1, the fastest operator that spreads out a map.
 */
export function pointwise(build: Build, dy: Value, w: Value, geometry: Geometry): Value {
  const { kernel } = geometry;
  const points = build.graph.op('Conv', [dy, exchanged(build, w, geometry)], { kernel_shape: kernel });
  const channels = sizesOf(points)[1]!;
  const ones = tensor('float32', [channels, 1, ...kernel]);
  ones.data.fill(1);
  return transposed(build, points, build.graph.constant(ones), { ...geometry, group: channels });
}
