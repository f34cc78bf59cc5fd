/** @file Images and channels exchanged: what a weight gradient reads, and the zeros around it. */
import type { Value } from '../../graph/value.ts';
import { sizesOf, type Build } from '../../rules/build.ts';
import { beyondOf, reachOf, type Geometry } from '../../rules/convolution/window.ts';
import { reorderInput, type LoweredValues } from '../values.ts';

/**
 * x [N, C, H, W] -> [C, N bands, H', W'] in blocks of images, N bands whole blocks, with zeros as far as windows reach. Bands
 * of dy's rows count as images of their own; H' rows of x are what the windows of one band meet.
 */
export function imagesAsChannels(
  build: Build,
  values: LoweredValues,
  x: Value,
  geometry: Geometry,
  bands: number,
): Value {
  const block = values.block!;
  const [images, channels, height, width] = sizesOf(x) as [number, number, number, number];
  if (images % block !== 0) return bandsAsChannels(build, values, x, geometry, bands);
  const groups = images / block;
  const seen = build.reshape(values.plain(x), [groups, block, channels * height, width]);
  const lines = build.reshape(reorderInput(build, seen), [groups * channels, height, width, block]);
  const filled = padded(build, lines, [1, 2], geometry);
  const [, extent, w] = sizesOf(filled) as [number, number, number];
  const rows = rowsOfBands(geometry, bands);
  const h = rows.length / bands;
  const exchanged =
    bands === 1
      ? build.transpose(build.reshape(filled, [groups, channels, extent * w * block]), [1, 0, 2])
      : build.graph.op(
          'Gather',
          [
            build.reshape(filled, [groups * channels * extent, w * block]),
            build.graph.integers(rowsByChannel(rows, groups, channels, extent)),
          ],
          { axis: 0 },
        );
  return build.reshape(exchanged, [channels, images * bands, h, w]);
}

/** Of the rows of [groups, channels, extent], those of each channel together: what is met and exchanged in one pass. */
function rowsByChannel(met: readonly number[], groups: number, channels: number, extent: number): number[] {
  const of = (channel: number, group: number): number[] =>
    met.map((row) => (group * channels + channel) * extent + row);
  return Array.from({ length: channels * groups }, (_, at) => of(Math.floor(at / groups), at % groups)).flat();
}

/** As {@link imagesAsChannels}, where the bands of all images are whole blocks, and the images are not. */
function bandsAsChannels(build: Build, values: LoweredValues, x: Value, geometry: Geometry, bands: number): Value {
  const block = values.block!;
  const [images, channels] = sizesOf(x) as [number, number];
  const filled = padded(build, values.plain(x), [2, 3], geometry);
  const rows = rowsOfBands(geometry, bands);
  const met = build.graph.op('Gather', [filled, build.graph.integers(rows)], { axis: 2 });
  const [h, w] = [rows.length / bands, sizesOf(filled)[3]!];
  const single = build.transpose(build.reshape(met, [images, channels, bands, h * w]), [0, 2, 1, 3]);
  const groups = (images * bands) / block;
  const reordered = reorderInput(build, build.reshape(single, [groups, block, channels * h, w]));
  const exchanged = build.transpose(build.reshape(reordered, [groups, channels, h * w * block]), [1, 0, 2]);
  return build.reshape(exchanged, [channels, images * bands, h, w]);
}

/** The rows of the padded picture that the windows of each band meet, one band after the other. */
function rowsOfBands(geometry: Geometry, bands: number): number[] {
  const [height] = geometry.outputSizes as [number];
  const [stride] = geometry.strides as [number];
  const [reach] = reachOf(geometry) as [number];
  const rows = height / bands;
  const met = (rows - 1) * stride + reach;
  return Array.from({ length: bands * met }, (_, at) => Math.floor(at / met) * rows * stride + (at % met));
}

/**
 * dy [N, O', H, W] in blocks -> [O', N bands, H / bands, W], N bands whole blocks. Read as pictures of [block] points with all
 * else as their channels, blocks of channels are what changes places with images, and the runtime's reordering does it.
 */
export function wholeBlocks(build: Build, dy: Value, block: number, bands: number): Value {
  const [images, filters, height, width] = sizesOf(dy) as [number, number, number, number];
  if (images % block !== 0) {
    const lines = build.reshape(dy, [images, filters / block, bands, (height / bands) * width * block]);
    const single = build.reshape(build.transpose(lines, [0, 2, 1, 3]), [
      images * bands,
      filters,
      height / bands,
      width,
    ]);
    return wholeBlocks(build, single, block, 1);
  }
  const groups = images / block;
  const seen = build.reshape(dy, [groups, block, 1, filters * height * width]);
  const reordered = build.reshape(reorderInput(build, seen, true), [
    groups,
    filters / block,
    height * width * block ** 2,
  ]);
  return build.reshape(build.transpose(reordered, [1, 0, 2]), [filters, images * bands, height / bands, width]);
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
