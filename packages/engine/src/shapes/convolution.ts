import type { Dimension, Shape, Value } from '../graph/value.ts';
import {
  type InferenceRule,
  expectCounts,
  expectOneType,
  expectVector,
  floatTypes,
  mismatch,
  operand,
  optional,
  type Inferred,
  type InferenceTable,
  type Operation,
} from './application.ts';
import { derived, unify } from './dimension.ts';

interface Window {
  readonly kernel_shape: readonly number[];
  readonly strides?: readonly number[];
  readonly pads?: readonly number[];
  readonly dilations?: readonly number[];
  readonly output_padding?: readonly number[];
}

/** A window along one spatial axis: sizes in elements, `reach` the extent of the dilated kernel. */
interface Span {
  readonly stride: number;
  readonly before: number;
  readonly after: number;
  readonly reach: number;
  readonly extra: number;
}

/** The window along each spatial axis, after a check of every list. */
function spansOf(node: Operation, window: Window, rank: number): Span[] {
  const ones = Array.from({ length: rank }, () => 1);
  const zeros = Array.from({ length: 2 * rank }, () => 0);
  const list = (name: keyof Window, fallback: readonly number[], least: number): readonly number[] => {
    const values = window[name] ?? fallback;
    if (values.length !== fallback.length || values.some((x) => !Number.isInteger(x) || x < least)) {
      mismatch(node, `${name} must be ${fallback.length} integers of at least ${least}, not [${values.join(', ')}]`);
    }
    return values;
  };
  const kernel = list('kernel_shape', ones, 1);
  const strides = list('strides', ones, 1);
  const dilations = list('dilations', ones, 1);
  const pads = list('pads', zeros, 0);
  const extra = list('output_padding', zeros.slice(rank), 0);
  return ones.map((_, axis) => ({
    stride: strides[axis]!,
    before: pads[axis]!,
    after: pads[axis + rank]!,
    reach: (kernel[axis]! - 1) * dilations[axis]! + 1,
    extra: extra[axis]!,
  }));
}

/** How often the window fits: floor((size + pads - reach) / stride) + 1. */
function slid(node: Operation, size: Dimension, span: Span, ceil = false): Dimension {
  const slack = span.before + span.after - span.reach;
  const formula = (x: string): string => {
    if (span.stride === 1) return slack === -1 ? x : `(${x}${signed(slack + 1)})`;
    if (ceil) return `windows(${x},${span.reach},${span.stride},${span.before},${span.after})`;
    return `(floor((${x}${signed(slack)})/${span.stride})+1)`;
  };
  const count = (x: number): number => {
    if (x + slack < 0) mismatch(node, `a window of ${span.reach} does not fit into ${x} with its padding`);
    if (!ceil) return Math.floor((x + slack) / span.stride) + 1;
    const windows = Math.ceil((x + slack) / span.stride) + 1;
    // A last window that would start in the padding after the picture is left out.
    return (windows - 1) * span.stride >= x + span.before ? windows - 1 : windows;
  };
  return derived(size, count, formula);
}

function signed(offset: number): string {
  if (offset === 0) return '';
  return offset > 0 ? `+${offset}` : String(offset);
}

/** x [N, C, ...spatial]; its spatial part. */
function spatialOf(node: Operation, x: Value): Shape {
  if (x.shape.length < 3) mismatch(node, 'the input must be [N, C, ...spatial]');
  return x.shape.slice(2);
}

function groupsOf(node: Operation, group = 1): number {
  if (!Number.isInteger(group) || group < 1) mismatch(node, `group must be a positive integer, not ${group}`);
  return group;
}

/** Weights [first, second, ...kernel] agree with the kernel_shape attribute. */
function expectKernel(node: Operation, w: Value, x: Value, kernel: readonly number[]): void {
  if (w.shape.length !== x.shape.length) mismatch(node, `the weights must have ${x.shape.length} dimensions`);
  if (!kernel.every((size, axis) => unify(size, w.shape[axis + 2] ?? 0) !== undefined)) {
    mismatch(node, `kernel_shape [${kernel.join(', ')}] is not that of the weights`);
  }
}

function pooled(node: Operation, x: Value, window: Window & { readonly ceil_mode?: 0 | 1 }): Inferred {
  const spatial = spatialOf(node, x);
  const spans = spansOf(node, window, spatial.length);
  window.kernel_shape.forEach((size, axis) => {
    if (spans[axis]!.before >= size || spans[axis]!.after >= size)
      mismatch(node, 'pads must be smaller than the kernel');
  });
  const sizes = spatial.map((size, axis) => slid(node, size, spans[axis]!, window.ceil_mode === 1));
  return { type: x.type, shape: [...x.shape.slice(0, 2), ...sizes] };
}

/** x [N, C, H, W], w [O, C / group, kH, kW], bias [O] -> [N, O, H', W'] */
const convolved: InferenceRule<'Conv' | 'NchwcConv'> = (node) => {
  expectCounts(node, node.type === 'NchwcConv' ? 4 : 3);
  const [x, w, bias] = [operand(node, 0, floatTypes), operand(node, 1), optional(node, 2)];
  const type = expectOneType(node, [x, w, bias]);
  const spatial = spatialOf(node, x);
  expectKernel(node, w, x, node.attributes.kernel_shape);
  const spans = spansOf(node, node.attributes, spatial.length);
  const group = groupsOf(node, node.attributes.group);
  const [channels, filters, perGroup] = [x.shape[1]!, w.shape[0]!, w.shape[1]!];
  if (typeof perGroup === 'number' && unify(channels, perGroup * group) === undefined) {
    mismatch(node, `${group} groups of ${perGroup} channels need an input of ${perGroup * group}, not ${channels}`);
  }
  if (typeof filters === 'number' && filters % group !== 0) {
    mismatch(node, `${filters} filters do not divide into ${group} groups`);
  }
  expectVector(node, bias, filters, 'the bias');
  return [{ type, shape: [x.shape[0]!, filters, ...spatial.map((size, axis) => slid(node, size, spans[axis]!))] }];
};

/** Sizes along the kernel's axes of a convolution that goes the other way. */
function backwards(node: Operation, gradient: Value, sizes: Shape, window: Window): void {
  const spans = spansOf(node, window, spatialOf(node, gradient).length);
  const fits = spans.every(
    (span, axis) => unify(slid(node, sizes[axis] ?? 0, span), gradient.shape[axis + 2]!) !== undefined,
  );
  if (!fits) mismatch(node, `a convolution of [${sizes.join(', ')}] does not give the sizes of the gradient`);
}

export const convolution = {
  Conv: convolved,
  NchwcConv: convolved,
  NchwcGlobalAveragePool: (node) => {
    expectCounts(node, 1);
    const x = operand(node, 0, ['float32']);
    return [{ type: x.type, shape: [...x.shape.slice(0, 2), ...spatialOf(node, x).map(() => 1)] }];
  },
  // dy [N, O, H', W'], w [O, C / group, kH, kW] -> dx [N, C, H, W]
  ConvInputGradient: (node) => {
    expectCounts(node, 2);
    const [dy, w] = [operand(node, 0, floatTypes), operand(node, 1)];
    const type = expectOneType(node, [dy, w]);
    expectKernel(node, w, dy, node.attributes.kernel_shape);
    backwards(node, dy, node.attributes.input_sizes, node.attributes);
    const perGroup = w.shape[1]!;
    const group = groupsOf(node, node.attributes.group);
    const channels = derived(
      perGroup,
      (x) => x * group,
      (x) => (group === 1 ? x : `${group}*${x}`),
    );
    return [{ type, shape: [dy.shape[0]!, channels, ...node.attributes.input_sizes] }];
  },
  // x [N, C, H, W], dy [N, O, H', W'] -> dw [O, C / group, kH, kW]
  ConvWeightGradient: (node) => {
    expectCounts(node, 2);
    const [x, dy] = [operand(node, 0, floatTypes), operand(node, 1)];
    const type = expectOneType(node, [x, dy]);
    backwards(node, dy, spatialOf(node, x), node.attributes);
    const channels = x.shape[1]!;
    const group = groupsOf(node, node.attributes.group);
    const perGroup = derived(
      channels,
      (x) => x / group,
      (x) => (group === 1 ? x : `floor(${x}/${group})`),
    );
    return [{ type, shape: [dy.shape[1]!, perGroup, ...node.attributes.kernel_shape] }];
  },
  NchwcReorderInput: (node) => {
    expectCounts(node, 1);
    const { type, shape } = operand(node, 0, ['float32']);
    const [images, ...sizes] = shape as [number, ...number[]];
    const channelsLast = node.attributes.channels_last === 1;
    return [{ type, shape: channelsLast ? [images, sizes.at(-1)!, ...sizes.slice(0, -1)] : shape }];
  },
  NchwcReorderOutput: (node) => {
    expectCounts(node, 1);
    const { type, shape } = operand(node, 0, ['float32']);
    const { channels, channels_last: last } = node.attributes;
    const [images, , ...places] = shape as [number, number, ...number[]];
    return [{ type, shape: last === 1 ? [images, ...places, channels] : [images, channels, ...places] }];
  },
  // x [N, C, H, W], w [C, O / group, kH, kW], bias [O] -> [N, O, H', W'], H' = (H - 1) stride + extra + reach - pads
  ConvTranspose: (node) => {
    expectCounts(node, 3);
    const [x, w, bias] = [operand(node, 0, floatTypes), operand(node, 1), optional(node, 2)];
    const type = expectOneType(node, [x, w, bias]);
    const spatial = spatialOf(node, x);
    expectKernel(node, w, x, node.attributes.kernel_shape);
    const spans = spansOf(node, node.attributes, spatial.length);
    const group = groupsOf(node, node.attributes.group);
    const [channels, perGroup] = [x.shape[1]!, w.shape[1]!];
    if (unify(channels, w.shape[0]!) === undefined) {
      mismatch(node, `the weights are for ${w.shape[0]} channels, the input has ${channels}`);
    }
    if (typeof channels === 'number' && channels % group !== 0) {
      mismatch(node, `${channels} channels do not divide into ${group} groups`);
    }
    const filters = derived(
      perGroup,
      (x) => x * group,
      (x) => (group === 1 ? x : `${group}*${x}`),
    );
    expectVector(node, bias, filters, 'the bias');
    const sizes = spatial.map((size, axis) => {
      const { stride, before, after, reach, extra } = spans[axis]!;
      const offset = extra + reach - before - after - stride;
      return derived(
        size,
        (x) => (x * stride + offset > 0 ? x * stride + offset : mismatch(node, 'the output would be empty')),
        (x) => (stride === 1 && offset === 0 ? x : `(${stride === 1 ? '' : `${stride}*`}${x}${signed(offset)})`),
      );
    });
    return [{ type, shape: [x.shape[0]!, filters, ...sizes] }];
  },
  MaxPool: (node) => {
    expectCounts(node, 1, 2);
    const inferred = pooled(node, operand(node, 0, [...floatTypes, 'int8', 'uint8']), node.attributes);
    return [inferred, { type: 'int64' as const, shape: inferred.shape }].slice(0, node.count);
  },
  AveragePool: (node) => {
    expectCounts(node, 1);
    return [pooled(node, operand(node, 0, floatTypes), node.attributes)];
  },
  GlobalAveragePool: (node) => {
    expectCounts(node, 1);
    const x = operand(node, 0, floatTypes);
    return [{ type: x.type, shape: [...x.shape.slice(0, 2), ...spatialOf(node, x).map(() => 1)] }];
  },
} satisfies Partial<InferenceTable>;
