/**
 * @file The gradient of a convolution with respect to its weights:
 * dw[o, c, k] = sum over n, p of dy[n, o, p] x[n, c, p s + k d - before].
 */
import type { Value } from '../../graph/value.ts';
import { sizesOf, type Build } from '../../rules/build.ts';
import {
  beyondOf,
  isPointwise,
  isUnpadded,
  offsetsOf,
  productOf,
  spatialAxes,
  type Geometry,
} from '../../rules/convolution/window.ts';

export type WeightGradientForm = 'pointwise' | 'offsets' | 'convolution' | 'depthwise';

/** x [N, C, ...], dy [N, O, ...] -> dw [O, C / group, ...kernel] */
export function weightGradient(build: Build, x: Value, dy: Value, geometry: Geometry): Value {
  const forms = { pointwise, offsets, convolution, depthwise };
  return forms[weightGradientForm(geometry, sizesOf(x)[1]!, sizesOf(dy)[1]!)](build, x, dy, geometry);
}

/**
 * The form by shape, from measured throughput: one batched product for 1 x 1 kernels, as long as its result per image
 * is smaller than the operands; a convolution where few channels per group would starve the products; a
 * depthwise one for depthwise kernels; one product per kernel offset elsewhere.
 * @param c input channels
 * @param o output channels
 */
export function weightGradientForm(geometry: Geometry, c: number, o: number): WeightGradientForm {
  const { group, inputSizes, outputSizes } = geometry;
  const plain = group === 1 && isPointwise(geometry) && isUnpadded(geometry);
  if (plain && o * c <= productOf(outputSizes) * (o + c)) return 'pointwise';
  if (group === c && group === o && inputSizes.length === 2) return 'depthwise';
  return c / group <= 4 ? 'convolution' : 'offsets';
}

/** 1 x 1 without padding: dw = sum over n of dy[n] x[n]^T with dy[n] [O, P], x[n] [C, P] the points that are met. */
export function pointwise(build: Build, x: Value, dy: Value, geometry: Geometry): Value {
  const { kernel, strides, outputSizes } = geometry;
  const [n, c] = sizesOf(x) as [number, number];
  const o = sizesOf(dy)[1]!;
  const points = productOf(outputSizes);
  const zeros = kernel.map(() => 0);
  const met = build.slice(x, spatialAxes(geometry), zeros, outputSizes, strides);
  const images = build.transposeMatrix(build.reshape(met, [n, c, points]));
  const products = build.matmul(build.reshape(dy, [n, o, points]), images);
  return build.reshape(build.sum(products, [0], 0), [o, c, ...kernel]);
}

/**
 * For each kernel offset k one product over all points of all images: dw[:, :, k] = dY X_k with dY [O, N P] and
 * X_k [N P, C] the points of the padded input, channels last, that offset k meets. Groups are a leading batch axis.
 */
export function offsets(build: Build, x: Value, dy: Value, geometry: Geometry): Value {
  const { kernel, group } = geometry;
  const [n, c] = sizesOf(x) as [number, number];
  const o = sizesOf(dy)[1]!;
  const spatial = spatialAxes(geometry);
  const points = n * productOf(geometry.outputSizes);
  const lead = group === 1 ? [] : [group];
  // [N, O, ...] -> [O, N, ...] -> [g, O/g, N P]
  const gradients = build.reshape(build.transpose(dy, [1, 0, ...spatial]), [...lead, o / group, points]);
  const { value: padded, axes } = channelsLast(build, x, geometry);
  const products = offsetsOf(kernel).map((offset) => {
    const met = atOffset(build, padded, axes, offset, geometry);
    return build.matmul(gradients, build.reshape(met, [...lead, points, c / group]));
  });
  if (products.length === 1) return build.reshape(products[0]!, [o, c / group, ...kernel]);
  // [g, O/g, K C/g] -> [O, K, C/g] -> [O, C/g, K]
  const side = build.graph.op('Concat', products, { axis: -1 });
  const byOffset = build.reshape(side, [o, products.length, c / group]);
  return build.reshape(build.transpose(byOffset, [0, 2, 1]), [o, c / group, ...kernel]);
}

/** x [N, C, ...] -> [N, ..., C], or [g, N, ..., C/g] with groups, padded as far as windows reach; its spatial axes. */
function channelsLast(build: Build, x: Value, geometry: Geometry): { value: Value; axes: number[] } {
  const { group, inputSizes } = geometry;
  const [n, c] = sizesOf(x) as [number, number];
  const spatial = spatialAxes(geometry);
  if (group === 1) {
    const axes = spatial.map((axis) => axis - 1);
    return { value: padded(build, build.transpose(x, [0, ...spatial, 1]), axes, geometry), axes };
  }
  const split = build.reshape(x, [n, group, c / group, ...inputSizes]);
  const value = build.transpose(split, [1, 0, ...spatial.map((axis) => axis + 1), 2]);
  return { value: padded(build, value, spatial, geometry), axes: spatial };
}

/** Zeros around the spatial axes, as far as the windows reach. */
function padded(build: Build, x: Value, axes: readonly number[], geometry: Geometry): Value {
  const after = beyondOf(geometry).map((count) => Math.max(0, count));
  return build.pad(x, axes, geometry.before, after);
}

/** The elements of a padded input that one kernel offset meets, in the order of the output. */
function atOffset(
  build: Build,
  x: Value,
  axes: readonly number[],
  offset: readonly number[],
  { dilations, strides, outputSizes }: Geometry,
): Value {
  const firsts = offset.map((at, axis) => at * dilations[axis]!);
  return build.slice(x, axes, firsts, outputSizes, strides);
}

/**
 * A convolution with images and channels exchanged: input x as [C/g, g N, ...], kernel dy as [O, N, ...], stride and
 * dilation exchanged too, gives [C/g, O, ...kernel]. Every group of it sums over the N images of one group.
 */
export function convolution(build: Build, x: Value, dy: Value, geometry: Geometry): Value {
  const { kernel, group, inputSizes } = geometry;
  const [n, c] = sizesOf(x) as [number, number];
  const o = sizesOf(dy)[1]!;
  const spatial = spatialAxes(geometry);
  const split = build.reshape(x, [n, group, c / group, ...inputSizes]);
  const exchanged = build.transpose(split, [2, 1, 0, ...spatial.map((axis) => axis + 1)]);
  const images = build.reshape(exchanged, [c / group, group * n, ...inputSizes]);
  const result = slide(build, images, build.transpose(dy, [1, 0, ...spatial]), geometry);
  return build.reshape(build.transpose(result, [1, 0, ...spatial]), [o, c / group, ...kernel]);
}

/**
 * One channel per group, in and out: every channel of every image is a group of its own, its kernel that channel of dy.
 * x [N, C, ...] as [1, N C, ...], dy as [N C, 1, ...]; nothing moves in memory, and the sum over images is small.
 */
export function depthwise(build: Build, x: Value, dy: Value, geometry: Geometry): Value {
  const { kernel, inputSizes, outputSizes } = geometry;
  const [n, c] = sizesOf(x) as [number, number];
  const images = build.reshape(x, [1, n * c, ...inputSizes]);
  const kernels = build.reshape(dy, [n * c, 1, ...outputSizes]);
  const result = slide(build, images, kernels, { ...geometry, group: n * c });
  return build.reshape(build.sum(build.reshape(result, [n, c, ...kernel]), [0], 0), [c, 1, ...kernel]);
}

/** Slides dy over x, stride and dilation exchanged: as many places as the kernel has points. */
function slide(build: Build, x: Value, dy: Value, geometry: Geometry): Value {
  const { kernel, strides, dilations, before, group, outputSizes } = geometry;
  const after = beyondOf(geometry).map((count) => Math.max(0, count));
  const result = build.graph.op('Conv', [x, dy], {
    kernel_shape: outputSizes,
    strides: dilations,
    dilations: strides,
    pads: [...before, ...after],
    group,
  });
  // Input that no window met lets the kernel slide further than it is long.
  const zeros = kernel.map(() => 0);
  const ones = kernel.map(() => 1);
  return build.slice(result, spatialAxes(geometry), zeros, kernel, ones);
}
