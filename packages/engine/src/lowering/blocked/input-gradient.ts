/**
 * @file The gradient of a convolution with respect to its input, in blocks. With stride 1 it is a convolution with the
 * kernel turned round and its channels exchanged. With a stride s, the places q = a + s t of one phase a per axis meet
 * every s-th tap of the kernel: each phase is a convolution of dy with stride 1, and their results interleave (Shi et
 * al. 2016, "Is the deconvolution layer the same as a convolutional layer?").
 */
import type { Node, Value } from '../../graph/value.ts';
import { sizesOf, type Build } from '../../rules/build.ts';
import { geometryOf, type Geometry } from '../../rules/convolution/window.ts';
import type { LoweredValues } from '../values.ts';
import { scaledFilters, smallerScaled } from './scaled.ts';
import { fitOf } from './convolution.ts';
import { backwardKernel, type Taps } from './kernels.ts';

/** One phase along one axis: the taps it meets, in the order of a convolution, and the zeros around dy. */
interface Phase extends Taps {
  readonly before: number;
  readonly after: number;
}

/**
 * Undefined where the phases do not come out even; there the plain form is left to work. A kernel of one point meets the
 * first phase alone.
 */
function phasesOf(geometry: Geometry, axis: number): readonly Phase[] | undefined {
  const [kernel, stride] = [geometry.kernel[axis]!, geometry.strides[axis]!];
  const [input, output, before] = [geometry.inputSizes[axis]!, geometry.outputSizes[axis]!, geometry.before[axis]!];
  if (geometry.dilations[axis] !== 1 || input % stride !== 0) return undefined;
  if (kernel < stride && (kernel !== 1 || before !== 0)) return undefined;
  const places = input / stride;
  const phases = Array.from({ length: stride }, (_, phase): Phase => {
    const first = (phase + before) % stride;
    const base = (phase + before - first) / stride;
    const count = Math.max(0, Math.ceil((kernel - first) / stride));
    if (count === 0) return { first: 0, step: 1, count, before: 0, after: 0 };
    return {
      first: first + stride * (count - 1),
      step: -stride,
      count,
      before: count - 1 - base,
      after: places - output + base,
    };
  });
  return phases.every((phase) => phase.before >= 0 && phase.after >= 0) ? phases : undefined;
}

/**
 * dx [N, C', H, W] in blocks; undefined where the convolution does not fit into them.
 * @param sum what is added to dx, in the shape of it: in the same pass where the stride is 1
 */
export function blockedInputGradient(
  build: Build,
  values: LoweredValues,
  node: Node<'ConvInputGradient'>,
  sum?: Value,
): Value | undefined {
  const [dy, w] = node.inputs as readonly [Value, Value];
  const x = node.outputs[0]!.shape;
  const isTrained = w.constant === undefined && dy.type === 'float32';
  const fit = isTrained ? fitOf(x, w.shape, node.attributes, values.block) : undefined;
  if (fit === undefined || fit === 'plain input') return undefined;
  const geometry = geometryOf(node.attributes, x as readonly number[], sizesOf(dy));
  const [rows, columns] = [phasesOf(geometry, 0), phasesOf(geometry, 1)];
  if (rows === undefined || columns === undefined) return undefined;
  const scaled = smallerScaled(values, dy, w);
  const gradient = values.blocked(scaled?.values ?? dy);
  const kernel = scaled === undefined ? values.plain(w) : scaledFilters(build, values.plain(w), scaled);
  const take = backwardKernel(build, values, kernel, fit === 'depthwise');
  const added = sum && values.blocked(sum);
  const isWhole = rows.length === 1 && columns.length === 1;
  const convolved = (row: Phase, column: Phase): Value => {
    const taps = take(row, column);
    return build.graph.op('NchwcConv', [gradient, taps, ...(added && isWhole ? [undefined, added] : [])], {
      kernel_shape: [row.count, column.count],
      pads: [row.before, column.before, row.after, column.after],
      group: fit === 'depthwise' ? sizesOf(taps)[0]! : 1,
    });
  };
  const met = rows.filter(isMet).map((row) => columns.filter(isMet).map((column) => convolved(row, column)));
  const whole = interleaved(build, met, [rows.length, columns.length], values.block!);
  return added && !isWhole ? build.add(whole, added) : whole;
}

function isMet({ count }: Phase): boolean {
  return count > 0;
}

/**
 * Phases [rows][columns] that taps meet, each [N, C', H / s, W / s] in blocks, as one picture.
 * @param strides phases along each axis; where there are fewer, the first is there and the others are zeros
 */
function interleaved(
  build: Build,
  phases: readonly (readonly Value[])[],
  [vertical, horizontal]: readonly [number, number],
  block: number,
): Value {
  const [n, channels, height, width] = sizesOf(phases[0]![0]!) as [number, number, number, number];
  const lines = (n * channels * height) / block;
  // Neighbours in a line are as far apart as a block, lines as far as a line.
  const side = phases.map((row) => joined(build, row, horizontal, [lines, width, block]));
  const whole = joined(build, side, vertical, [lines, width * horizontal * block]);
  return build.reshape(whole, [n, channels, height * vertical, width * horizontal]);
}

/** Parts of the given shape side by side along the last axis, and zeros in place of those that are missing. */
function joined(build: Build, parts: readonly Value[], count: number, shape: readonly number[]): Value {
  if (count === 1) return parts[0]!;
  const seen = parts.map((part) => build.reshape(part, shape));
  if (parts.length === count) return build.graph.op('Concat', seen, { axis: -1 });
  return build.pad(seen[0]!, [shape.length - 1], [0], [(count - 1) * shape.at(-1)!]);
}
