/**
 * @file The gradient of a convolution with respect to its weights, in blocks: dw[o, c, k] = sum over n, p of
 * dy[n, o, p] x[n, c, p s + k d - before] is itself a convolution, with images and channels exchanged. Its pictures are
 * the channels of x, their channels the images of the batch, its kernel is dy, as large as the map, and stride and
 * dilation change places. The runtime is fastest where the padding is there before.
 */
import type { Node, Value } from '../../graph/value.ts';
import { sizesOf, type Build } from '../../rules/build.ts';
import {
  beyondOf,
  geometryOf,
  isPointwise,
  isUnpadded,
  productOf,
  type Geometry,
} from '../../rules/convolution/window.ts';
import { reorderOutput, type LoweredValues } from '../values.ts';
import { fitOf, type Fit } from './convolution.ts';
import { fewImages, imagesAsChannels, padded, wholeBlocks } from './images-as-channels.ts';
import { pointwiseWeightGradient, type PointwiseForm } from './pointwise-weight-gradient.ts';

/** dw [O, C / group, kH, kW] in the order of its axes; undefined where the convolution does not fit into blocks. */
export function blockedWeightGradient(
  build: Build,
  values: LoweredValues,
  node: Node<'ConvWeightGradient'>,
): Value | undefined {
  const [x, dy] = node.inputs as readonly [Value, Value];
  const dw = node.outputs[0]!.shape;
  const fit = x.type === 'float32' ? fitOf(x.shape, dw, node.attributes, values.block) : undefined;
  if (fit === undefined) return undefined;
  const geometry = geometryOf(node.attributes, sizesOf(x), sizesOf(dy));
  if (fit === 'depthwise') return depthwise(build, values, x, dy, geometry);
  return isPointwise(geometry) && isUnpadded(geometry)
    ? pointwiseWeightGradient(build, values, [x, dy], geometry, pointwiseForm(x, dy, geometry, fit, values.block!))
    : dense(build, values, x, dy, geometry);
}

function pointwiseForm(x: Value, dy: Value, { outputSizes }: Geometry, fit: Fit, block: number): PointwiseForm {
  const [images, channels] = sizesOf(x) as [number, number];
  const filters = sizesOf(dy)[1]!;
  const points = productOf(outputSizes);
  if (fit === 'plain input') return 'products';
  const wide = Math.max(channels, filters) >= 2 * Math.min(channels, filters);
  if (points >= 400) return wide && points % block === 0 ? 'images' : 'products';
  return (images * points) % block === 0 ? 'places' : 'products';
}

/** Bytes of a kernel that stay in the cache of a core from one use to the next. */
const CACHED = 2 ** 19;
/** Blocks of filters that the runtime computes together. */
const BLOCKS_TOGETHER = 4;

/** Into how many bands of rows dy is cut, so that what the runtime reads of it for one block of images is cached. */
export function bandsOf([height, width]: readonly number[], filters: number, block: number): number {
  const row = Math.min(filters, BLOCKS_TOGETHER * block) * block * width! * Float32Array.BYTES_PER_ELEMENT;
  const rows = Array.from({ length: height! }, (_, index) => height! - index);
  return height! / (rows.find((count) => height! % count === 0 && count * row <= CACHED) ?? 1);
}

/** Images as channels: as they are where they are fewer than a block, in whole blocks, or not at all. */
function dense(build: Build, values: LoweredValues, x: Value, dy: Value, geometry: Geometry): Value | undefined {
  const block = values.block!;
  const [images, channels] = sizesOf(x) as [number, number];
  if (images > block && images % block !== 0) return undefined;
  const kernels = values.blocked(dy);
  const filters = sizesOf(kernels)[1]!;
  const [height, width] = geometry.outputSizes as [number, number];
  const bands = images < block ? 1 : bandsOf(geometry.outputSizes, filters, block);
  const result = build.graph.op(
    'NchwcConv',
    images < block
      ? [
          padded(build, build.transpose(values.plain(x), [1, 0, 2, 3]), [2, 3], geometry),
          fewImages(build, kernels, block),
        ]
      : [imagesAsChannels(build, values, x, geometry, bands), wholeBlocks(build, kernels, block, bands)],
    { kernel_shape: [height / bands, width], strides: geometry.dilations, dilations: geometry.strides },
  );
  // [C, O / b, K b] -> [O / b, C K, b] -> [O, C, K]
  const [, , kernelHeight, kernelWidth] = sizesOf(result) as [number, number, number, number];
  const points = kernelHeight * kernelWidth;
  const exchanged = build.transpose(build.reshape(result, [channels, filters / block, points * block]), [1, 0, 2]);
  const wanted = sizesOf(dy)[1]!;
  const plain = reorderOutput(build, build.reshape(exchanged, [1, filters, channels * points, 1]), wanted);
  return build.reshape(plain, [wanted, channels, kernelHeight, kernelWidth]);
}

/** Every channel of every image is a group of its own; the sums of the images are added up at the end. */
function depthwise(build: Build, values: LoweredValues, x: Value, dy: Value, geometry: Geometry): Value {
  const [pictures, kernels] = [values.blocked(x), values.blocked(dy)];
  const [images, filled, height, width] = sizesOf(pictures) as [number, number, number, number];
  const group = images * filled;
  const [outHeight, outWidth] = geometry.outputSizes as [number, number];
  const perImage = build.graph.op(
    'NchwcConv',
    [build.reshape(pictures, [1, group, height, width]), build.reshape(kernels, [group, 1, outHeight, outWidth])],
    {
      kernel_shape: [outHeight, outWidth],
      strides: geometry.dilations,
      dilations: geometry.strides,
      pads: [...geometry.before, ...beyondOf(geometry).map((count) => Math.max(0, count))],
      group,
    },
  );
  const [kernelHeight, kernelWidth] = geometry.kernel as [number, number];
  // Input that no window met lets the kernel slide further than it is long.
  const [, , slidHeight, slidWidth] = sizesOf(perImage) as [number, number, number, number];
  const slid = build.reshape(perImage, [group / values.block!, slidHeight, slidWidth, values.block!]);
  const met = build.slice(slid, [1, 2], [0, 0], geometry.kernel, [1, 1]);
  const total = build.sum(build.reshape(met, [images, filled * kernelHeight * kernelWidth]), [0], 0);
  const channels = sizesOf(x)[1]!;
  const plain = reorderOutput(build, build.reshape(total, [1, filled, kernelHeight, kernelWidth]), channels);
  return build.reshape(plain, [channels, 1, kernelHeight, kernelWidth]);
}
