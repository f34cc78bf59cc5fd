import type { Node, Value } from '../graph/value.ts';
import { integersOf, sizesOf, type Build } from './build.ts';
import { linear, refuse, rule, type RuleTable } from './rule.ts';

/** Where a Slice takes its elements: first + step * (0 .. count - 1) along each axis. */
interface Range {
  readonly axis: number;
  readonly first: number;
  readonly step: number;
  readonly count: number;
}

/** The ranges of a Slice, its starts clamped as the specification says. */
function rangesOf({ inputs, outputs }: Node<'Slice'>): Range[] {
  const sizes = sizesOf(inputs[0]!);
  const starts = integersOf(inputs[1]!);
  const axes = inputs[3] === undefined ? starts.map((_, axis) => axis) : integersOf(inputs[3]);
  const steps = inputs[4] === undefined ? starts.map(() => 1) : integersOf(inputs[4]);
  return starts.map((start, at) => {
    const axis = axes[at]! < 0 ? axes[at]! + sizes.length : axes[at]!;
    const size = sizes[axis]!;
    const from = start < 0 ? start + size : start;
    const step = steps[at]!;
    const first = Math.min(Math.max(from, 0), step > 0 ? size : size - 1);
    return { axis, first, step, count: sizesOf(outputs[0]!)[axis]! };
  });
}

/** Zeros everywhere but at the ranges of a slice, which are put back where they came from. */
function unsliced(dy: Value, node: Node<'Slice'>, build: Build): Value {
  const sizes = sizesOf(node.inputs[0]!);
  const ranges = rangesOf(node);
  if (ranges.some(({ count }) => count === 0)) return build.zeros(dy.type, sizes);
  const axes = ranges.map(({ axis }) => axis);
  const reversed = ranges.filter(({ step }) => step < 0).map(({ axis }) => axis);
  const forward = build.flip(dy, reversed);
  const spread = build.spread(
    forward,
    axes,
    ranges.map(({ step }) => Math.abs(step)),
  );
  const before = ranges.map(({ first, step, count }) => (step > 0 ? first : first + step * (count - 1)));
  const after = axes.map((axis, at) => sizes[axis]! - before[at]! - sizesOf(spread)[axis]!);
  return build.pad(spread, axes, before, after);
}

/**
 * Rows of `dy` added where they were gathered from. dy [before, ...indices, after] -> [before, size, after]; one
 * constant index needs no scattering.
 */
function ungathered(node: Node<'Gather'>, build: Build, dy: Value, indices: Value): Value {
  const sizes = sizesOf(node.inputs[0]!);
  const listed = node.attributes.axis ?? 0;
  const axis = listed < 0 ? listed + sizes.length : listed;
  const count = sizesOf(indices).reduce((a, b) => a * b, 1);
  const gathered = sizes.map((size, at) => (at === axis ? count : size));
  const rows = build.reshape(dy, gathered);
  if (indices.constant !== undefined && count === 1) {
    const index = integersOf(indices)[0]!;
    const before = index < 0 ? index + sizes[axis]! : index;
    return build.pad(rows, [axis], [before], [sizes[axis]! - 1 - before]);
  }
  const line = build.reshape(
    indices,
    sizes.map((_, at) => (at === axis ? count : 1)),
  );
  return scattered(build, build.expand(line, gathered), rows, sizes, axis);
}

/** Zeros with the updates added at their places along the axis. */
function scattered(build: Build, indices: Value, updates: Value, shape: readonly number[], axis: number): Value {
  const zeros = build.zeros(updates.type, shape);
  return build.graph.op('ScatterElements', [zeros, indices, updates], { axis, reduction: 'add' });
}

export const selection = {
  Slice: linear((dy, build, node: Node<'Slice'>) => unsliced(dy, node, build)),
  // Padding is undone by padding with the counts negated; what fell on the padding belongs to the padding value.
  Pad: rule({}, ({ node, build, gradientOfOutput, wanted }) => {
    const pads = integersOf(node.inputs[1]!).map((count) => -count);
    const axes =
      node.inputs[3] === undefined ? node.inputs[0]!.shape.map((_, axis) => axis) : integersOf(node.inputs[3]);
    const dy = gradientOfOutput(0);
    const inner = build.pad(dy, axes, pads.slice(0, axes.length), pads.slice(axes.length));
    const total = (value: Value): Value => {
      const all = value.shape.map((_, axis) => axis);
      return build.sum(value, all, 0);
    };
    return [wanted(0) ? inner : undefined, undefined, wanted(2) ? build.sub(total(dy), total(inner)) : undefined];
  }),
  Gather: rule({ inputs: [1] }, ({ node, build, input, gradientOfOutput }) => [
    ungathered(node, build, gradientOfOutput(0), input(1)),
  ]),
  GatherElements: rule({ inputs: [1] }, ({ node, build, input, gradientOfOutput }) => {
    const { axis = 0 } = node.attributes;
    return [scattered(build, input(1), gradientOfOutput(0), sizesOf(node.inputs[0]!), axis)];
  }),
  // Added updates leave the data's gradient alone; written ones take its place. Repeated places are for `add` only.
  ScatterElements: rule({ inputs: [1] }, ({ node, build, input, gradientOfOutput, wanted }) => {
    const { axis = 0, reduction = 'none' } = node.attributes;
    const [dy, indices] = [gradientOfOutput(0), input(1)];
    const erased = (): Value => {
      const zeros = build.zeros(dy.type, sizesOf(indices));
      return build.graph.op('ScatterElements', [dy, indices, zeros], { axis });
    };
    return [
      wanted(0) ? (reduction === 'add' ? dy : erased()) : undefined,
      undefined,
      wanted(2) ? build.graph.op('GatherElements', [dy, indices], { axis }) : undefined,
    ];
  }),
  OneHot: refuse('positions have none, and its two values are settings: choose with Where instead'),
  // Each element was repeated over a block: [.., n * s, ..] -> [.., n, s, ..], summed over s.
  Resize: linear((dy, build, node: Node<'Resize'>) => {
    const sizes = sizesOf(node.inputs[0]!);
    const scales = sizesOf(node.outputs[0]!).map((size, axis) => size / sizes[axis]!);
    const blocks = sizes.flatMap((size, axis) => (scales[axis] === 1 ? [size] : [size, scales[axis]!]));
    const scaled = sizes.map((_, axis) => axis).filter((axis) => scales[axis] !== 1);
    const within = scaled.map((axis, count) => axis + count + 1);
    return build.sum(build.reshape(dy, blocks), within, 0);
  }),
} satisfies Partial<RuleTable>;
