import { distinct, uniform, type Case, type Cases } from './case.ts';

type ConvolutionAttributes = Case<'Conv'>['attributes'];

interface Setting extends Omit<ConvolutionAttributes, 'kernel_shape'> {
  readonly x: readonly number[];
  readonly outputs: number;
  readonly kernel: readonly number[];
}

/** Each line a way to be different: padding, strides that leave input over, dilation, groups, depthwise, rank. */
const settings: readonly Setting[] = [
  { x: [2, 3, 5, 6], outputs: 4, kernel: [1, 1] },
  { x: [2, 5, 5, 6], outputs: 4, kernel: [1, 1], strides: [2, 2] },
  { x: [2, 6, 2, 1], outputs: 7, kernel: [1, 1] },
  { x: [2, 3, 5, 6], outputs: 4, kernel: [3, 3] },
  { x: [2, 5, 5, 6], outputs: 4, kernel: [3, 3], pads: [1, 1, 1, 1] },
  { x: [2, 5, 5, 6], outputs: 4, kernel: [3, 2], pads: [0, 1, 2, 0], strides: [2, 1] },
  { x: [2, 5, 7, 6], outputs: 2, kernel: [3, 3], pads: [1, 1, 1, 1], strides: [2, 2] },
  { x: [2, 5, 7, 8], outputs: 2, kernel: [2, 2], strides: [3, 3] },
  { x: [2, 5, 7, 7], outputs: 2, kernel: [3, 3], dilations: [2, 3], pads: [2, 3, 2, 3] },
  { x: [1, 5, 9, 9], outputs: 2, kernel: [3, 2], dilations: [2, 1], strides: [2, 2], pads: [0, 1, 1, 0] },
  { x: [2, 5, 3, 3], outputs: 2, kernel: [1, 1], pads: [1, 0, 1, 2] },
  { x: [2, 3, 9, 9], outputs: 4, kernel: [7, 7], strides: [2, 2], pads: [3, 3, 3, 3] },
  { x: [1, 2, 30, 29], outputs: 3, kernel: [3, 3], pads: [1, 1, 1, 1] },
  // Groups.
  { x: [2, 10, 5, 5], outputs: 4, kernel: [3, 3], group: 2, pads: [1, 1, 1, 1] },
  { x: [2, 10, 6, 5], outputs: 4, kernel: [3, 3], group: 2, strides: [2, 2], pads: [0, 0, 1, 1] },
  { x: [2, 4, 5, 5], outputs: 6, kernel: [3, 3], group: 2 },
  { x: [1, 2, 30, 29], outputs: 4, kernel: [3, 3], group: 2, pads: [1, 1, 1, 1] },
  { x: [2, 10, 3, 3], outputs: 4, kernel: [1, 1], group: 2 },
  // Depthwise, with a multiplier, with TensorFlow's uneven padding.
  { x: [2, 4, 6, 6], outputs: 4, kernel: [3, 3], group: 4, pads: [1, 1, 1, 1] },
  { x: [2, 4, 6, 6], outputs: 4, kernel: [3, 3], group: 4, strides: [2, 2], pads: [0, 0, 1, 1] },
  { x: [2, 4, 7, 6], outputs: 4, kernel: [5, 5], group: 4, strides: [2, 2], pads: [2, 1, 2, 2] },
  { x: [2, 4, 7, 6], outputs: 4, kernel: [3, 3], group: 4, dilations: [2, 1], pads: [3, 0, 3, 0] },
  { x: [2, 3, 6, 6], outputs: 6, kernel: [3, 3], group: 3, strides: [2, 2], pads: [1, 1, 1, 1] },
  { x: [2, 3, 4, 4], outputs: 3, kernel: [1, 1], group: 3 },
  // One and three spatial axes.
  { x: [2, 5, 9], outputs: 4, kernel: [3], strides: [2], pads: [1, 0] },
  { x: [2, 4, 9], outputs: 4, kernel: [3], group: 4, pads: [1, 1] },
  { x: [1, 5, 4, 3, 5], outputs: 2, kernel: [2, 3, 3], pads: [1, 1, 1, 0, 1, 1], strides: [1, 1, 2] },
];

/** Bilinear in x and w: the quotient is exact with any step, and a step of 1 rounds least. */
const step = 1;

const convolutions = settings.flatMap(({ x, outputs, kernel, ...rest }): Case<'Conv'>[] => {
  const w = [outputs, x[1]! / (rest.group ?? 1), ...kernel];
  const operands = [uniform(x, -1, 1, 'float32'), uniform(w, -1, 1, 'float32')];
  const attributes = { kernel_shape: kernel, ...rest };
  return [
    { inputs: operands, attributes, step },
    { inputs: [...operands, uniform([outputs], -1, 1, 'float32')], attributes, step },
  ];
});

const transposed = [
  { x: [2, 3, 4, 5], outputs: 2, kernel: [3, 3] },
  { x: [2, 3, 4, 5], outputs: 2, kernel: [3, 2], strides: [2, 3], pads: [1, 0, 0, 1] },
  { x: [2, 3, 4, 5], outputs: 2, kernel: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1], output_padding: [1, 0] },
  { x: [2, 3, 4, 5], outputs: 5, kernel: [2, 2], strides: [2, 2] },
  { x: [2, 3, 4, 5], outputs: 2, kernel: [3, 3], dilations: [2, 2] },
  { x: [2, 4, 4, 5], outputs: 6, kernel: [3, 3], group: 2, strides: [2, 1] },
  { x: [2, 4, 4, 5], outputs: 4, kernel: [3, 3], group: 4, strides: [2, 2], pads: [1, 1, 1, 1] },
  { x: [2, 3, 6], outputs: 2, kernel: [3], strides: [2] },
].flatMap(({ x, outputs, kernel, ...rest }): Case<'ConvTranspose'>[] => {
  const w = [x[1]!, outputs / (rest.group ?? 1), ...kernel];
  const operands = [uniform(x, -1, 1, 'float32'), uniform(w, -1, 1, 'float32')];
  const attributes = { kernel_shape: kernel, ...rest };
  return [
    { inputs: operands, attributes, step },
    { inputs: [...operands, uniform([outputs], -1, 1, 'float32')], attributes, step },
  ];
});

const windows = [
  { kernel_shape: [2, 2], strides: [2, 2] },
  { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] },
  { kernel_shape: [3, 2], pads: [1, 0, 0, 1] },
  { kernel_shape: [2, 3], strides: [1, 2], pads: [0, 1, 1, 1], ceil_mode: 1 as const },
  { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 as const },
  { kernel_shape: [2, 2], strides: [3, 3] },
];

export const convolutionCases: Cases = {
  Conv: convolutions,
  ConvTranspose: transposed,
  // Elements differ by 0.2 or more; ties have a test of their own. With and without kept positions.
  MaxPool: [...windows, { kernel_shape: [2, 2], dilations: [2, 3] }].flatMap((attributes) => [
    { inputs: [distinct([2, 3, 5, 6])], attributes },
    { inputs: [distinct([2, 3, 5, 6])], attributes, count: 2 },
  ]),
  AveragePool: windows.flatMap((attributes) =>
    [{}, { count_include_pad: 0 as const }, { count_include_pad: 1 as const }].map((counting) => ({
      inputs: [uniform([2, 3, 5, 6], -1, 1, 'float32')],
      attributes: { ...attributes, ...counting },
      step,
    })),
  ),
  GlobalAveragePool: [
    [2, 3, 4, 5],
    [2, 3, 4],
  ].map((shape) => ({
    inputs: [uniform(shape, -1, 1, 'float32')],
    attributes: {},
    step,
  })),
};
