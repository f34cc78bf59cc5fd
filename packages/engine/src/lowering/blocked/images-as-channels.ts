/** @file Images and channels of x exchanged, as a weight gradient reads them, and the zeros around them. */
import type { Value } from '../../graph/value.ts';
import { sizesOf, type Build } from '../../rules/build.ts';
import { beyondOf, reachOf, type Geometry } from '../../rules/convolution/window.ts';
import { reorderInput, type LoweredValues } from '../values.ts';
import { amongZeros } from './per-channel.ts';

/** A weight gradient's x: what is convolved with dy. */
export interface Exchanged {
  /** [C / q, N bands, H', W' q], in blocks of images unless they are few: each point of a row holds `sideBySide` = q channels. */
  readonly pictures: Value;
  readonly sideBySide: number;
}

/**
 * x [N, C, H, W] with N bands whole blocks, or {@link isFew}, and zeros as far as windows reach. Bands of dy's rows count as images of their
 * own; H' rows of x are what the windows of one band meet. The channels of a block stay beside each other as they lie: that
 * is a pass less, and where the kernel slides over them too, the runtime computes many places of a row together, however
 * small the window is.
 */
export function imagesAsChannels(
  build: Build,
  values: LoweredValues,
  x: Value,
  geometry: Geometry,
  bands: number,
): Exchanged {
  const block = values.block!;
  const [images, channels, height, width] = sizesOf(x) as [number, number, number, number];
  if (isFew(images, block, bands)) {
    const pictures = padded(build, build.transpose(values.plain(x), [1, 0, 2, 3]), [2, 3], geometry);
    return { pictures, sideBySide: 1 };
  }
  if (images % block !== 0) {
    return { pictures: bandsAsChannels(build, values, x, geometry, bands), sideBySide: 1 };
  }
  const sideBySide = fillsRows(values, x, geometry) ? block : 1;
  const source = sideBySide === 1 ? values.plain(x) : values.blocked(x);
  const [groups, pictures] = [images / block, channels / sideBySide];
  const seen = build.reshape(source, [groups, block, pictures * height, width * sideBySide]);
  const lines = build.reshape(reorderInput(build, seen), [groups * pictures, height, width * sideBySide, block]);
  const filled = linesAmongZeros(build, lines, geometry, sideBySide);
  const [, extent, w] = sizesOf(filled) as [number, number, number];
  const rows = rowsOfBands(geometry, bands);
  const h = rows.length / bands;
  const order = rowsByPicture(rows, groups, pictures, extent);
  const lying = build.reshape(filled, [groups * pictures * extent, w * block]);
  const isThere = order.length === groups * pictures * extent && order.every((row, at) => row === at);
  const exchanged = isThere ? lying : build.graph.op('Gather', [lying, build.graph.integers(order)], { axis: 0 });
  return { pictures: build.reshape(exchanged, [pictures, images * bands, h, w]), sideBySide };
}

/** Whether images stay as they are: fewer than a block, which the runtime takes in the order of their axes. */
export function isFew(images: number, block: number, bands: number): boolean {
  return images < block && bands === 1;
}

/** Whether a block of channels can slide through as one row: all there, and the places of a window next to each other. */
function fillsRows(values: LoweredValues, x: Value, { dilations }: Geometry): boolean {
  return sizesOf(x)[1]! % values.block! === 0 && dilations.every((step) => step === 1);
}

/** Of the rows of [groups, pictures, extent], those of each picture together: what is met and exchanged in one pass. */
function rowsByPicture(met: readonly number[], groups: number, pictures: number, extent: number): number[] {
  const of = (picture: number, group: number): number[] =>
    met.map((row) => (group * pictures + picture) * extent + row);
  return Array.from({ length: pictures * groups }, (_, at) => of(Math.floor(at / groups), at % groups)).flat();
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

/** Lines [groups, H, W q, b] with zeros around as far as windows reach; what none meets is cut off. */
function linesAmongZeros(build: Build, lines: Value, geometry: Geometry, sideBySide: number): Value {
  const [groups, height, width, block] = sizesOf(lines) as [number, number, number, number];
  const counts = [...geometry.before, ...beyondOf(geometry)].map((count, at) =>
    at % 2 === 0 ? count : count * sideBySide,
  );
  const [top, left, bottom, right] = counts as [number, number, number, number];
  if (counts.every((count) => count === 0)) return lines;
  if (counts.some((count) => count < 0)) return build.pad(lines, [1, 2], [top, left], [bottom, right]);
  const filled = amongZeros(build, build.reshape(lines, [groups, block, height, width]), counts);
  return build.reshape(filled, [groups, top + height + bottom, left + width + right, block]);
}

/** Zeros around the spatial axes as far as the windows reach; what no window meets is cut off. */
function padded(build: Build, x: Value, axes: readonly number[], geometry: Geometry): Value {
  return build.pad(x, axes, geometry.before, beyondOf(geometry));
}
