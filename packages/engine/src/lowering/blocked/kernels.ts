/**
 * @file Weights in the order that blocked convolutions read them in (b channels to a block): [O / b, C / b, kH, kW, b of
 * C, b of O], and [C / b, kH, kW, b] of depthwise ones. The reordering of pictures does nearly all of it.
 */
import type { Value } from '../../graph/value.ts';
import { sizesOf, type Build } from '../../rules/build.ts';
import { reorderInput, type LoweredValues } from '../values.ts';

type Kernel = readonly [filters: number, channels: number, height: number, width: number];

/** w [O, C, kH, kW] -> the same, O and C filled up to whole blocks; C of pictures with few channels is left alone. */
export function forwardKernel(build: Build, values: LoweredValues, w: Value, plainInput: boolean): Value {
  const block = values.block!;
  const filled = values.padded(plainInput ? w : values.padded(w, 1), 0);
  const [filters, channels, height, width] = sizesOf(filled) as Kernel;
  const points = height * width;
  // As one picture whose channels are the filters: [O / b, C, kH, kW, b of O].
  const reordered = reorderInput(build, build.reshape(filled, [1, filters, channels * points, 1]));
  if (plainInput) return build.reshape(reordered, [filters, channels, height, width]);
  const split = build.reshape(reordered, [filters / block, channels / block, block, points, block]);
  return build.reshape(build.transpose(split, [0, 1, 3, 2, 4]), [filters, channels, height, width]);
}

/** w [C, 1, kH, kW] -> [C', 1, kH, kW] in blocks */
export function depthwiseKernel(build: Build, values: LoweredValues, w: Value): Value {
  const filled = values.padded(w, 0);
  const [channels, , height, width] = sizesOf(filled) as Kernel;
  return build.reshape(reorderInput(build, build.reshape(filled, [1, channels, height, width])), [
    channels,
    1,
    height,
    width,
  ]);
}

/** Taps of a kernel along one axis: first, first + step, ... `count` times; a negative step turns it round. */
export interface Taps {
  readonly first: number;
  readonly step: number;
  readonly count: number;
}

/** Input and output channels exchanged, ready for taps to be taken: w [O, C, kH, kW] as [C / b, O / b, kH, kW, b, b]. */
function exchanged(build: Build, values: LoweredValues, w: Value): Value {
  const block = values.block!;
  const filled = values.padded(values.padded(w, 1), 0);
  const [filters, channels, height, width] = sizesOf(filled) as Kernel;
  const points = height * width;
  // Rows of filters change places with blocks of channels. A kernel of one point has its channels last as it lies.
  const groups = points === 1 ? 1 : filters / block;
  const byFilter = points === 1 ? filled : reorderInput(build, filled);
  const rows = build.reshape(byFilter, [groups, filters / groups, 1, channels * points]);
  const turned = build.reshape(reorderInput(build, rows, true), [
    groups,
    channels / block,
    (points * block * filters) / groups,
  ]);
  const split = [channels / block, filters / block, height, width, block, block];
  return build.reshape(build.transpose(turned, [1, 0, 2]), split);
}

/**
 * The kernel of an input gradient, whose inputs are the filters: a function that takes taps of it.
 * w [O, C, kH, kW] -> [C', O', taps, taps]; depthwise w [C, 1, kH, kW] -> [C', 1, taps, taps]
 */
export function backwardKernel(
  build: Build,
  values: LoweredValues,
  w: Value,
  depthwise: boolean,
): (rows: Taps, columns: Taps) => Value {
  const block = values.block!;
  const [filters, perGroup, height, width] = sizesOf(w) as Kernel;
  const outputs = values.channelsOf(depthwise ? filters : perGroup);
  const inputs = depthwise ? 1 : values.channelsOf(filters);
  const whole = depthwise
    ? build.reshape(depthwiseKernel(build, values, w), [outputs / block, height, width, block])
    : exchanged(build, values, w);
  const axes = depthwise ? [1, 2] : [2, 3];
  return (...taps) => {
    const counts = taps.map(({ count }) => count);
    const [firsts, steps] = [taps.map(({ first }) => first), taps.map(({ step }) => step)];
    return build.reshape(build.slice(whole, axes, firsts, counts, steps), [outputs, inputs, ...counts]);
  };
}
