/** @file Images and channels exchanged: what a weight gradient reads, and the zeros around it. */
import type { Value } from '../../graph/value.ts';
import { sizesOf, type Build } from '../../rules/build.ts';
import { beyondOf, type Geometry } from '../../rules/convolution/window.ts';
import { reorderInput, type LoweredValues } from '../values.ts';

/** x [N, C, H, W] -> [C, N, H', W'] in blocks of images, with zeros as far as windows reach. */
export function imagesAsChannels(build: Build, values: LoweredValues, x: Value, geometry: Geometry): Value {
  const block = values.block!;
  const [images, channels, height, width] = sizesOf(x) as [number, number, number, number];
  const groups = images / block;
  const seen = build.reshape(values.plain(x), [groups, block, channels * height, width]);
  const reordered = build.reshape(reorderInput(build, seen), [groups, channels, height * width * block]);
  const lines = build.reshape(build.transpose(reordered, [1, 0, 2]), [channels * groups, height, width, block]);
  const filled = padded(build, lines, [1, 2], geometry);
  const [, h, w] = sizesOf(filled) as [number, number, number];
  return build.reshape(filled, [channels, images, h, w]);
}

/** dy [N, O', H, W] in blocks -> [O', N, H, W], N whole blocks */
export function wholeBlocks(build: Build, dy: Value, block: number): Value {
  const [images, filters, height, width] = sizesOf(dy) as [number, number, number, number];
  const seen = build.reshape(dy, [images / block, block, filters / block, height * width, block]);
  return build.reshape(build.transpose(seen, [2, 0, 3, 1, 4]), [filters, images, height, width]);
}

/** dy [N, O', H, W] in blocks -> [O', N, H, W], N less than a block */
export function fewImages(build: Build, dy: Value, block: number): Value {
  const [images, filters, height, width] = sizesOf(dy) as [number, number, number, number];
  const seen = build.reshape(dy, [images, filters / block, height * width * block]);
  return build.reshape(build.transpose(seen, [1, 0, 2]), [filters, images, height, width]);
}

/** Zeros around the spatial axes as far as the windows reach; what no window meets is cut off. */
export function padded(build: Build, x: Value, axes: readonly number[], geometry: Geometry): Value {
  return build.pad(x, axes, geometry.before, beyondOf(geometry));
}
