/**
 * @file The weight gradient of a kernel of one point, dY X^T over all places of all images. The runtime's blocked
 * convolution is a faster product than its products, and its layouts fit: a tensor [N, C, P] in blocks, which lies as
 * [N, C / b, P, b], is the kernel of C filters over P channels. So the operand with more channels is a kernel as it lies,
 * or nearly so, and the other one a picture whose channels are the places and whose points are its own channels.
 */
import type { Value } from '../../graph/value.ts';
import { sizesOf, type Build } from '../../rules/build.ts';
import { productOf, type Geometry } from '../../rules/convolution/window.ts';
import { channelsLast, reorderInput, reorderOutput, type LoweredValues } from '../values.ts';
import type { PointwiseForm } from './weight-gradient-forms.ts';

/** Points of a line of the picture; the runtime shares out lines among its threads. */
const LINE = 8;

/** x [N, C, H, W], dy [N, O, H', W'] -> dw [O, C, 1, 1] */
export function pointwiseWeightGradient(
  build: Build,
  values: LoweredValues,
  [x, dy]: readonly [Value, Value],
  geometry: Geometry,
  form: PointwiseForm,
): Value {
  const [channels, filters] = [sizesOf(x)[1]!, sizesOf(dy)[1]!];
  const points = (): Value => metPoints(build, values, x, geometry);
  const gradients = (): Value =>
    build.reshape(values.plain(dy), [sizesOf(dy)[0]!, filters, productOf(geometry.outputSizes)]);
  if (form === 'products') {
    const sum = build.sum(build.matmul(gradients(), build.transpose(points(), [0, 2, 1])), [0], 0);
    return build.reshape(sum, [filters, channels, 1, 1]);
  }
  if (form === 'joined') {
    const all = (perImage: Value): Value => {
      const [images, rows, places] = sizesOf(perImage) as [number, number, number];
      return build.reshape(build.transpose(perImage, [1, 0, 2]), [rows, images * places]);
    };
    const product = build.matmul(all(gradients()), build.transpose(all(points()), [1, 0]));
    return build.reshape(product, [filters, channels, 1, 1]);
  }
  const block = values.block!;
  const operands = [metInBlocks(build, values, x, geometry), values.blocked(dy)] as const;
  const product = (kernel: Value, picture: Value): Value => overPlaces(build, block, kernel, picture, form);
  const dw =
    channels >= filters
      ? channelsLast(build, product(operands[0], channelsLast(build, operands[1], filters, block)), channels, block)
      : reorderOutput(build, product(operands[1], channelsLast(build, operands[0], channels, block)), filters);
  return build.reshape(dw, [filters, channels, 1, 1]);
}

/** kernel [N, K', H, W] in blocks, picture [N, H, W, S] -> their product over all places, [1, K', S, 1] in blocks */
function overPlaces(build: Build, block: number, kernel: Value, picture: Value, form: 'images' | 'places'): Value {
  const [images, filters, ...sizes] = sizesOf(kernel) as [number, number, ...number[]];
  const [points, channels] = [productOf(sizes), sizesOf(picture)[3]!];
  const places = images * points;
  const reordered = reorderInput(build, build.reshape(picture, [1, places, channels, 1]));
  const line = channels % LINE === 0 ? LINE : 1;
  const x = build.reshape(reordered, [1, places, channels / line, line]);
  const window = { kernel_shape: [1, 1] };
  if (form === 'images') {
    const w = build.reshape(kernel, [images * filters, points, 1, 1]);
    const perImage = build.graph.op('NchwcConv', [x, w], { ...window, group: images });
    const sum = build.sum(build.reshape(perImage, [images, filters * channels]), [0], 0);
    return build.reshape(sum, [1, filters, channels, 1]);
  }
  const seen = build.reshape(kernel, [images, filters / block, points * block]);
  const w = build.reshape(build.transpose(seen, [1, 0, 2]), [filters, places, 1, 1]);
  return build.reshape(build.graph.op('NchwcConv', [x, w], window), [1, filters, channels, 1]);
}

/** The points that windows meet: [N, C', H', W'] in blocks, which move faster than single numbers. */
function metInBlocks(build: Build, values: LoweredValues, x: Value, { strides, outputSizes }: Geometry): Value {
  const block = values.block!;
  const blocked = values.blocked(x);
  const [images, filled, height, width] = sizesOf(blocked) as [number, number, number, number];
  const lines = build.reshape(blocked, [(images * filled) / block, height, width, block]);
  const met = build.slice(lines, [1, 2], [0, 0], outputSizes, strides);
  return build.reshape(met, [images, filled, ...outputSizes]);
}

/** As {@link metInBlocks}, in the order of its axes: [N, C, H' W'] */
function metPoints(build: Build, values: LoweredValues, x: Value, geometry: Geometry): Value {
  const { strides, outputSizes, inputSizes } = geometry;
  const [images, channels] = sizesOf(x) as [number, number];
  const whole = outputSizes.every((size, axis) => size === inputSizes[axis]);
  const met =
    whole || !values.isBlocked(x)
      ? build.slice(values.plain(x), [2, 3], [0, 0], outputSizes, strides)
      : reorderOutput(build, metInBlocks(build, values, x, geometry), channels);
  return build.reshape(met, [images, channels, productOf(outputSizes)]);
}
