/**
 * @file The gradient of a convolution with respect to its input. y[n, o, p] = sum over c, k of
 * w[o, c, k] x[n, c, p s + k d - before] gives dx[n, c, q] = sum over o, k, p with p s + k d - before = q of
 * w[o, c, k] dy[n, o, p] (Dumoulin and Visin 2016, chapter 4).
 */
import type { Value } from '../../graph/value.ts';
import { sizesOf, type Build } from '../build.ts';
import { extentOf, expectForm, productOf, reachOf, spatialAxes, type Geometry } from './window.ts';

export type InputGradientForm = 'transposed' | 'flipped';

/** dy [N, O, ...], w [O, C / group, ...kernel] -> dx [N, C, ...] */
export function inputGradient(build: Build, dy: Value, w: Value, geometry: Geometry): Value {
  const form = inputGradientForm(geometry, sizesOf(w));
  return form === 'flipped' ? flipped(build, dy, w, geometry) : transposed(build, dy, w, geometry);
}

/**
 * The form by shape, from measured throughput: a plain convolution wins at stride 1 on maps of 28 x 28 and more, for
 * 1 x 1 kernels, and for depthwise kernels, whose transposed convolution runs channel by channel.
 */
export function inputGradientForm(geometry: Geometry, w: readonly number[]): InputGradientForm {
  if (!fitsFlipped(geometry)) return 'transposed';
  const depthwise = geometry.group > 1 && w[1] === 1;
  const dense = geometry.strides.every((stride) => stride === 1);
  const large = productOf(geometry.kernel) === 1 || productOf(geometry.inputSizes) >= 28 * 28;
  return depthwise || (dense && large) ? 'flipped' : 'transposed';
}

/** ConvTranspose, whose weights have the layout [O, C / group, ...kernel] already. */
export function transposed(build: Build, dy: Value, w: Value, geometry: Geometry): Value {
  const { kernel, strides, dilations, group, before, inputSizes } = geometry;
  // What the windows cover beyond the input is cut off; what they never reach is appended as zeros.
  const beyond = extentOf(geometry).map((extent, axis) => extent - before[axis]! - inputSizes[axis]!);
  return build.graph.op('ConvTranspose', [dy, w], {
    kernel_shape: kernel,
    strides,
    dilations,
    group,
    pads: [...before, ...beyond.map((count) => Math.max(count, 0))],
    output_padding: beyond.map((count) => Math.max(-count, 0)),
  });
}

/** Whether padding around dy comes out at zero or more. */
function fitsFlipped(geometry: Geometry): boolean {
  return margins(geometry).every((count) => count >= 0);
}

/** Zeros around the spread-out dy: reach - 1 - before at the front, what fills up to the input size at the back. */
function margins(geometry: Geometry): number[] {
  const reach = reachOf(geometry);
  const front = reach.map((size, axis) => size - 1 - geometry.before[axis]!);
  const extent = extentOf(geometry);
  const back = reach.map(
    (size, axis) => geometry.inputSizes[axis]! + geometry.before[axis]! + size - 1 - extent[axis]!,
  );
  return [...front, ...back];
}

/**
 * A convolution of stride 1 with the kernel turned round and its channels exchanged, [C, O / group, ...kernel], over
 * dy with stride - 1 zeros between its elements.
 */
export function flipped(build: Build, dy: Value, w: Value, geometry: Geometry): Value {
  const { kernel, strides, dilations, group } = geometry;
  expectForm(fitsFlipped(geometry), 'flipped');
  const axes = spatialAxes(geometry);
  const [o, c] = sizesOf(w) as [number, number];
  const turned = build.flip(w, axes);
  // [O, C/g, ...] -> [g, O/g, C/g, ...] -> [g, C/g, O/g, ...] -> [C, O/g, ...]
  const grouped = build.reshape(turned, group === 1 ? [o, c, ...kernel] : [group, o / group, c, ...kernel]);
  const exchanged = build.transpose(
    grouped,
    group === 1 ? [1, 0, ...axes] : [0, 2, 1, ...axes.map((axis) => axis + 1)],
  );
  const weights = build.reshape(exchanged, [group * c, o / group, ...kernel]);
  return build.graph.op('Conv', [build.spread(dy, axes, strides), weights], {
    kernel_shape: kernel,
    dilations,
    group,
    pads: margins(geometry),
  });
}
