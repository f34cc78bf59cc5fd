/**
 * @file Operators that do not care in which order numbers lie, as long as it is the same for all operands. They stay in
 * blocks where one of their operands is there. The channels that fill the last block take part: their numbers are
 * finite and nobody reads them.
 */
import type { OperatorType } from '../../graph/operators.ts';
import type { AnyNode, Node, Value } from '../../graph/value.ts';
import { integersOf, sizesOf, type Build } from '../../rules/build.ts';
import type { LoweredValues } from '../values.ts';

type Elementwise = 'Add' | 'Sub' | 'Mul' | 'Neg' | 'Relu' | 'Clip' | 'Sigmoid' | 'Tanh' | 'Identity';

const elementwise: ReadonlySet<OperatorType> = new Set([
  'Add',
  'Sub',
  'Mul',
  'Neg',
  'Relu',
  'Clip',
  'Sigmoid',
  'Tanh',
  'Identity',
] satisfies Elementwise[]);

function isElementwise(node: AnyNode): node is Extract<AnyNode, Node<Elementwise>> {
  return elementwise.has(node.type);
}

const isPicture = ({ type, shape }: Value): boolean => type === 'float32' && shape.length === 4;

/** How an operand takes part: of the result's shape, one number, or one per channel (of each image, or of all). */
function roleOf({ shape }: Value, result: readonly number[]): 'whole' | 'single' | 'channels' | undefined {
  if (shape.length === 4 && shape.every((size, axis) => size === result[axis])) return 'whole';
  if (shape.every((size) => size === 1)) return 'single';
  const spread = shape.length === 4 && shape[1] === result[1] && shape[2] === 1 && shape[3] === 1;
  return spread && (shape[0] === 1 || shape[0] === result[0]) ? 'channels' : undefined;
}

/** The result in blocks; undefined where it is not for blocks. */
export function blockedElementwise(build: Build, values: LoweredValues, node: AnyNode): Value | undefined {
  const output = node.outputs[0]!;
  if (!isElementwise(node) || !isPicture(output)) return undefined;
  const operands = node.inputs.filter((value) => value !== undefined);
  if (!operands.some((value) => values.isBlocked(value) && isPicture(value))) return undefined;
  const sizes = sizesOf(output);
  const roles = operands.map((operand) => roleOf(operand, sizes));
  if (roles.includes(undefined)) return undefined;
  if (operands.some((operand, index) => roles[index] === 'whole' && !values.isBlocked(operand) && operand.constant)) {
    return undefined;
  }
  const perChannel = roles.includes('channels');
  const block = values.block!;
  const [images, , height, width] = sizes as [number, number, number, number];
  const filled = values.channelsOf(sizes[1]!);
  // Seen with the block as the last axis, one number per channel broadcasts.
  const seen = (value: Value): Value =>
    perChannel ? build.reshape(value, [images, filled / block, height * width, block]) : value;
  const forms = {
    whole: (value: Value) => seen(values.blocked(value)),
    single: (value: Value) => values.plain(value),
    channels: (value: Value) =>
      build.reshape(values.padded(values.plain(value), 1), [sizesOf(value)[0]!, filled / block, 1, block]),
  };
  const inputs = node.inputs.map((value) => value && forms[roles[operands.indexOf(value)]!](value));
  const result = apply(build, node, inputs);
  return build.reshape(result, [images, filled, height, width]);
}

function apply<T extends Elementwise>(
  build: Build,
  { type, attributes }: Node<T>,
  inputs: readonly (Value | undefined)[],
) {
  return build.graph.emit(type, inputs, 1, attributes)[0]!;
}

/** Pieces along the channels, each of whole blocks, put together; undefined where they are not. */
export function blockedConcat(build: Build, values: LoweredValues, node: AnyNode): Value | undefined {
  if (node.type !== 'Concat' || !isPicture(node.outputs[0]!)) return undefined;
  const axis = node.attributes.axis;
  const pieces = node.inputs as readonly Value[];
  if (!pieces.some((piece) => values.isBlocked(piece))) return undefined;
  const fits = (axis === 1 || axis === -3) && pieces.every((piece) => fillsBlocks(values, sizesOf(piece)[1]!));
  if (!fits) return undefined;
  return build.graph.op(
    'Concat',
    pieces.map((piece) => values.blocked(piece)),
    { axis: 1 },
  );
}

/** As {@link blockedConcat}, taken apart. */
export function blockedSplit(build: Build, values: LoweredValues, node: AnyNode): readonly Value[] | undefined {
  if (node.type !== 'Split' || !isPicture(node.inputs[0]!) || !values.isBlocked(node.inputs[0]!)) return undefined;
  const { axis = 0 } = node.attributes;
  const sizes = integersOf(node.inputs[1]!);
  if ((axis !== 1 && axis !== -3) || !sizes.every((size) => fillsBlocks(values, size))) return undefined;
  return build.graph.emit('Split', [values.blocked(node.inputs[0]!), build.graph.integers(sizes)], sizes.length, {
    axis: 1,
  });
}

function fillsBlocks({ block }: LoweredValues, channels: number): boolean {
  return block !== undefined && channels % block === 0;
}

/** The mean or sum over the places of each picture, [N, C, 1, 1] or [N, C] in the order of its axes. */
export function blockedPooling(build: Build, values: LoweredValues, node: AnyNode): Value | undefined {
  const x = node.inputs[0];
  if (x === undefined || !isPicture(x) || !values.isBlocked(x)) return undefined;
  const isPooling = node.type === 'GlobalAveragePool';
  const isSum = node.type === 'ReduceSum' || node.type === 'ReduceMean';
  if (!isPooling && !(isSum && node.inputs[1] && integersOf(node.inputs[1]).join() === '2,3')) return undefined;
  const [images, channels, height, width] = sizesOf(x) as [number, number, number, number];
  const mean = build.graph.op('NchwcGlobalAveragePool', [values.blocked(x)]);
  const taken = build.slice(mean, [1], [0], [channels], [1]);
  const scaled = node.type === 'ReduceSum' ? build.mul(taken, height * width) : taken;
  return build.reshape(scaled, sizesOf(node.outputs[0]!).length === 4 ? [images, channels, 1, 1] : [images, channels]);
}
