import type { Dimension } from '../graph/value.ts';
import {
  axesOf,
  axisOf,
  expectCounts,
  expectOneType,
  expectVector,
  integersOf,
  mismatch,
  numericTypes,
  operand,
  optional,
  type InferenceTable,
  type Operation,
} from './application.ts';
import { derived, unify } from './dimension.ts';

/** Positions from start (included) to end (excluded) by step, both clamped to the axis as the specification says. */
function sliced(size: number, start: number, end: number, step: number): number {
  const from = start < 0 ? start + size : start;
  const to = end < 0 ? end + size : end;
  const clamp = (x: number, low: number, high: number): number => Math.min(Math.max(x, low), high);
  const [first, last] =
    step > 0 ? [clamp(from, 0, size), clamp(to, 0, size)] : [clamp(from, 0, size - 1), clamp(to, -1, size - 1)];
  return Math.max(0, Math.ceil((last - first) / step));
}

function indicesOf(node: Operation): ReturnType<typeof operand> {
  return operand(node, 1, ['int32', 'int64']);
}

export const selection = {
  // starts, ends, axes (default: the first ones), steps (default: 1)
  Slice: (node) => {
    expectCounts(node, 5);
    const { type, shape } = operand(node, 0);
    const starts = integersOf(node, 1, 'the starts');
    const ends = integersOf(node, 2, 'the ends');
    const listed = node.inputs[3] === undefined ? starts.map((_, axis) => axis) : integersOf(node, 3, 'the axes');
    const steps = node.inputs[4] === undefined ? starts.map(() => 1) : integersOf(node, 4, 'the steps');
    const axes = axesOf(node, listed, shape.length);
    if ([ends, axes, steps].some((list) => list.length !== starts.length)) {
      mismatch(node, 'starts, ends, axes and steps must have the same length');
    }
    if (steps.includes(0)) mismatch(node, 'a step must not be 0');
    const result: Dimension[] = [...shape];
    axes.forEach((axis, at) => {
      const [start, end, step] = [starts[at]!, ends[at]!, steps[at]!];
      const whole = start === 0 && end >= Number.MAX_SAFE_INTEGER && step === 1;
      result[axis] = derived(
        shape[axis]!,
        (size) => sliced(size, start, end, step),
        (size) => (whole ? size : `slice(${size},${start},${end},${step})`),
      );
    });
    return [{ type, shape: result }];
  },
  // pads: all begins, then all ends; negative ones cut. Third input: the value. Fourth: the axes that pads speak of.
  Pad: (node) => {
    expectCounts(node, 4);
    const { type, shape } = operand(node, 0);
    const pads = integersOf(node, 1, 'the pads');
    const value = optional(node, 2, [type]);
    if (value !== undefined && value.shape.length > 0 && value.shape.join() !== '1') {
      mismatch(node, 'the padding value must be a scalar');
    }
    const listed = node.inputs[3] === undefined ? shape.map((_, axis) => axis) : integersOf(node, 3, 'the axes');
    const axes = axesOf(node, listed, shape.length);
    if (pads.length !== 2 * axes.length) mismatch(node, `${axes.length} axes need ${2 * axes.length} pads`);
    const result: Dimension[] = [...shape];
    axes.forEach((axis, at) => {
      const both = pads[at]! + pads[at + axes.length]!;
      result[axis] = derived(
        shape[axis]!,
        (size) => (size + both >= 0 ? size + both : mismatch(node, `axis ${axis} of ${size} is cut by ${-both}`)),
        (size) => (both === 0 ? size : `(${size}${both > 0 ? '+' : ''}${both})`),
      );
    });
    return [{ type, shape: result }];
  },
  // data [..., axis, ...], indices of any shape, which takes the place of the axis.
  Gather: (node) => {
    expectCounts(node, 2);
    const [{ type, shape }, indices] = [operand(node, 0), indicesOf(node)];
    const axis = axisOf(node, node.attributes.axis ?? 0, shape.length);
    return [{ type, shape: [...shape.slice(0, axis), ...indices.shape, ...shape.slice(axis + 1)] }];
  },
  // The result has the shape of the indices.
  GatherElements: (node) => {
    expectCounts(node, 2);
    const [{ type, shape }, indices] = [operand(node, 0), indicesOf(node)];
    const axis = axisOf(node, node.attributes.axis ?? 0, shape.length);
    const fits = indices.shape.every((size, at) => {
      const whole = shape[at];
      return at === axis || typeof size === 'string' || typeof whole === 'string' || size <= (whole ?? -1);
    });
    if (indices.shape.length !== shape.length || !fits) {
      mismatch(node, `the indices must have ${shape.length} dimensions and lie within the data beside axis ${axis}`);
    }
    return [{ type, shape: indices.shape }];
  },
  // The result has the shape of the data; updates have the shape of the indices.
  ScatterElements: (node) => {
    expectCounts(node, 3);
    const [data, indices, updates] = [operand(node, 0), indicesOf(node), operand(node, 2)];
    expectOneType(node, [data, updates]);
    axisOf(node, node.attributes.axis ?? 0, data.shape.length);
    const { shape } = indices;
    const alike =
      updates.shape.length === shape.length && shape.every((x, at) => unify(x, updates.shape[at]!) !== undefined);
    if (!alike) mismatch(node, 'updates must have the shape of the indices');
    if (shape.length !== data.shape.length) mismatch(node, 'indices must have the rank of the data');
    return [{ type: data.type, shape: data.shape }];
  },
  // indices of any shape, depth a scalar, values [off, on]; a new axis of size depth.
  OneHot: (node) => {
    expectCounts(node, 3);
    const [indices, depth, values] = [operand(node, 0, numericTypes), operand(node, 1, numericTypes), operand(node, 2)];
    if (depth.constant?.data.length !== 1) mismatch(node, `the depth ('${depth.name}') must be one constant number`);
    if (indices.shape.length === 0) mismatch(node, 'the indices must not be a scalar');
    expectVector(node, values, 2, 'the values, off and on,');
    const size = Number(depth.constant.data[0]);
    if (!Number.isInteger(size) || size < 1) mismatch(node, `the depth must be a positive integer, not ${size}`);
    const axis = axisOf(node, node.attributes.axis ?? -1, indices.shape.length + 1);
    return [{ type: values.type, shape: [...indices.shape.slice(0, axis), size, ...indices.shape.slice(axis)] }];
  },
  // Third input: a whole scale per axis.
  Resize: (node) => {
    expectCounts(node, 3);
    const { type, shape } = operand(node, 0, numericTypes);
    if (node.inputs[1] !== undefined) mismatch(node, 'a region of interest is not supported');
    const scales = operand(node, 2, ['float32']);
    if (scales.constant?.data.length !== shape.length) {
      mismatch(node, `the scales ('${scales.name}') must be ${shape.length} constant numbers`);
    }
    const result = shape.map((size, axis) => {
      const scale = Number(scales.constant!.data[axis]);
      if (!Number.isInteger(scale) || scale < 1) mismatch(node, `scale ${scale} is not a whole number of at least 1`);
      return derived(
        size,
        (x) => x * scale,
        (x) => (scale === 1 ? x : `${scale}*${x}`),
      );
    });
    return [{ type, shape: result }];
  },
} satisfies Partial<InferenceTable>;
