/**
 * @file The weight gradient of a kernel of one point, dY X^T over all places of all images. On large maps one product
 * per image, whose sum is small beside them. On small ones a convolution of one picture: its channels are the L places,
 * its points the channels of x, its kernel is dy; the runtime's blocked kernel is a faster product than its products.
 */
import type { Value } from '../../graph/value.ts';
import { sizesOf, type Build } from '../../rules/build.ts';
import { productOf, type Geometry } from '../../rules/convolution/window.ts';
import { reorderInput, reorderOutput, type LoweredValues } from '../values.ts';
import type { Fit } from './convolution.ts';
import { wholeBlocks } from './images-as-channels.ts';

/** Points of a line of the picture; the runtime shares out lines among its threads. */
const LINE = 8;
/** A map is large where its points are so many times as many as the result has numbers per operand's channel; measured. */
const LARGE_MAP = 2;

/** x [N, C, H, W], dy [N, O, H', W'] -> dw [O, C, 1, 1] */
export function pointwiseWeightGradient(
  build: Build,
  values: LoweredValues,
  x: Value,
  dy: Value,
  geometry: Geometry,
  fit: Fit,
): Value {
  const block = values.block!;
  const [images, channels] = sizesOf(x) as [number, number];
  const filters = sizesOf(dy)[1]!;
  const points = productOf(geometry.outputSizes);
  const met = metPoints(build, values, x, geometry, fit);
  const large = filters * channels <= LARGE_MAP * points * (filters + channels);
  if (large || images % block !== 0) {
    const gradients = build.reshape(values.plain(dy), [images, filters, points]);
    const products = build.matmul(gradients, build.transpose(met, [0, 2, 1]));
    return build.reshape(build.sum(products, [0], 0), [filters, channels, 1, 1]);
  }
  const kernel = wholeBlocks(build, values.blocked(dy), block);
  const filled = sizesOf(kernel)[0]!;
  const line = channels % LINE === 0 ? LINE : 1;
  const places = images * points;
  const result = build.graph.op(
    'NchwcConv',
    [
      build.reshape(imagesOfPlaces(build, met, block), [1, places, channels / line, line]),
      build.reshape(kernel, [filled, places, 1, 1]),
    ],
    { kernel_shape: [1, 1] },
  );
  return build.reshape(reorderOutput(build, result, filters), [filters, channels, 1, 1]);
}

/** The points that windows meet: [N, C, H' W'] in the order of its axes. */
function metPoints(build: Build, values: LoweredValues, x: Value, { strides, outputSizes }: Geometry, fit: Fit): Value {
  const block = values.block!;
  const [images, channels, height, width] = sizesOf(x) as [number, number, number, number];
  const [h, w] = outputSizes as [number, number];
  const whole = h === height && w === width;
  if (whole || fit === 'plain input' || !values.isBlocked(x)) {
    return build.reshape(build.slice(values.plain(x), [2, 3], [0, 0], outputSizes, strides), [images, channels, h * w]);
  }
  // Whole blocks move faster than single numbers.
  const blocked = values.blocked(x);
  const filled = sizesOf(blocked)[1]!;
  const lines = build.reshape(blocked, [(images * filled) / block, height, width, block]);
  const met = build.reshape(build.slice(lines, [1, 2], [0, 0], outputSizes, strides), [images, filled, h, w]);
  return build.reshape(reorderOutput(build, met, channels), [images, channels, h * w]);
}

/** Images place by place: x [N, C, P] -> [N / b, P, C, b] */
function imagesOfPlaces(build: Build, x: Value, block: number): Value {
  const [images, channels, points] = sizesOf(x) as [number, number, number];
  const reordered = reorderInput(build, build.reshape(x, [images / block, block, channels * points, 1]));
  return build.transpose(build.reshape(reordered, [images / block, channels, points, block]), [0, 2, 1, 3]);
}
