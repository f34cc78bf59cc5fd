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
import { imagesAsChannels } from './images-as-channels.ts';
import { imagesOfKernel } from './images-of-kernel.ts';
import { pointwiseWeightGradient } from './pointwise-weight-gradient.ts';
import { scaledFilters, smallerScaled } from './scaled.ts';
import {
  chosenForm,
  type FormTable,
  type PointwiseForm,
  type WeightGradientForm,
  type WeightGradientShape,
} from './weight-gradient-forms.ts';

/**
 * dw [O, C / group, kH, kW] in the order of its axes; undefined where the convolution does not fit into blocks.
 * @param forms what was measured; see {@link chosenForm}
 */
export function blockedWeightGradient(
  build: Build,
  values: LoweredValues,
  node: Node<'ConvWeightGradient'>,
  forms?: FormTable,
): Value | undefined {
  const [x, dy] = node.inputs as readonly [Value, Value];
  const dw = node.outputs[0]!;
  const fit = x.type === 'float32' ? fitOf(x.shape, dw.shape, node.attributes, values.block) : undefined;
  if (fit === undefined) return undefined;
  const geometry = geometryOf(node.attributes, sizesOf(x), sizesOf(dy));
  const scaled = smallerScaled(values, dy, dw);
  const made = formed(build, values, [x, scaled?.values ?? dy], geometry, fit, forms);
  return made && scaled ? scaledFilters(build, made, scaled) : made;
}

function formed(
  build: Build,
  values: LoweredValues,
  [x, dy]: readonly [Value, Value],
  geometry: Geometry,
  fit: Fit,
  forms: FormTable | undefined,
): Value | undefined {
  if (fit === 'depthwise') return depthwise(build, values, x, dy, geometry);
  const shape = shapeOf(x, dy, geometry);
  const form = chosenForm(shape, values.block!, forms);
  if (isBands(form)) return dense(build, values, x, dy, geometry, Number(form.split(' ')[1]));
  // A kernel of few channels would be filled up.
  return pointwiseWeightGradient(build, values, [x, dy], geometry, fit === 'plain input' ? 'products' : form);
}

function isBands(form: WeightGradientForm): form is Exclude<WeightGradientForm, PointwiseForm> {
  return form.startsWith('bands');
}

/** What the choice of a form depends on. */
export function shapeOf(x: Value, dy: Value, geometry: Geometry): WeightGradientShape {
  const [images, channels] = sizesOf(x) as [number, number];
  const [kernel, strides, outputSizes] = [geometry.kernel, geometry.strides, geometry.outputSizes] as [
    [number, number],
    [number, number],
    [number, number],
  ];
  const isProduct = isPointwise(geometry) && isUnpadded(geometry);
  return { images, channels, filters: sizesOf(dy)[1]!, kernel, strides, outputSizes, isProduct };
}

/** Images as channels: as they are where they are fewer than a block, in whole blocks, or not at all. */
function dense(
  build: Build,
  values: LoweredValues,
  x: Value,
  dy: Value,
  geometry: Geometry,
  bands: number,
): Value | undefined {
  const block = values.block!;
  const [images, channels] = sizesOf(x) as [number, number];
  if (images > block && (images * bands) % block !== 0) return undefined;
  const kernels = values.blocked(dy);
  const [height, width] = geometry.outputSizes as [number, number];
  const { pictures, sideBySide } = imagesAsChannels(build, values, x, geometry, bands);
  const kernel = imagesOfKernel(build, kernels, block, bands);
  const [rows, columns] = geometry.strides as [number, number];
  const result = build.graph.op('NchwcConv', [pictures, kernel], {
    kernel_shape: [height / bands, width],
    strides: geometry.dilations,
    dilations: [rows, columns * sideBySide],
  });
  // [C / q, O / b, K, q, b] -> [O / b, C / q, q, K, b] -> [O, C, K]
  const filters = sizesOf(kernels)[1]!;
  const points = productOf(geometry.kernel);
  const sizes = [channels / sideBySide, filters / block, points, sideBySide, block];
  const order = sideBySide === 1 ? [1, 0, 2, 3, 4] : [1, 0, 3, 2, 4];
  const exchanged = build.transpose(build.reshape(result, sizes), order);
  const wanted = sizesOf(dy)[1]!;
  const plain = reorderOutput(build, build.reshape(exchanged, [1, filters, channels * points, 1]), wanted);
  return build.reshape(plain, [wanted, channels, ...geometry.kernel]);
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
