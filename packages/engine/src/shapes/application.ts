/** @file What an inference rule sees, and the checks all rules share. */
import { EngineError } from '../errors.ts';
import type { OperatorAttributes, OperatorType } from '../graph/operators.ts';
import type { DataType } from '../graph/tensor.ts';
import type { Shape, Value } from '../graph/value.ts';

export interface Inferred {
  readonly type: DataType;
  readonly shape: Shape;
}

/** A node about to be made: all of it but its outputs. `count` is how many outputs are asked for. */
export interface Application<T extends OperatorType = OperatorType> {
  readonly name: string;
  readonly type: T;
  readonly inputs: readonly (Value | undefined)[];
  readonly attributes: OperatorAttributes[T];
  readonly count: number;
}

export type InferenceRule<T extends OperatorType> = (node: Application<T>) => readonly Inferred[];

/** A rule for every operator. */
export type InferenceTable = { readonly [T in OperatorType]: InferenceRule<T> };

/** What a rule needs of a node whatever its operator is. */
export type Operation = Omit<Application, 'attributes'>;

export const floatTypes: readonly DataType[] = ['float32', 'float64'];
export const signedTypes: readonly DataType[] = [...floatTypes, 'int8', 'int32', 'int64'];
export const numericTypes: readonly DataType[] = [...signedTypes, 'uint8'];
/** What matrix products and reductions take. */
export const wideTypes: readonly DataType[] = [...floatTypes, 'int32', 'int64'];

/** Raises SHAPE_MISMATCH: the node, its operands and what was expected of them. */
export function mismatch(node: Operation, expected: string): never {
  const operands = node.inputs.map((value) => (value === undefined ? 'nothing' : describe(value))).join(', ');
  throw new EngineError('SHAPE_MISMATCH', `${node.type} '${node.name}': ${expected}; got (${operands})`);
}

/** `x float32 [N, 3]` */
function describe({ name, type, shape }: Value): string {
  return `${name} ${type} [${shape.join(', ')}]`;
}

/** The input at `index`, which must be there. */
export function operand(node: Operation, index: number, types?: readonly DataType[]): Value {
  const value = node.inputs[index];
  if (value === undefined) return mismatch(node, `input ${index} is missing`);
  expectType(node, value, types);
  return value;
}

/** The input at `index`, or undefined where it is left out. */
export function optional(node: Operation, index: number, types?: readonly DataType[]): Value | undefined {
  const value = node.inputs[index];
  if (value !== undefined) expectType(node, value, types);
  return value;
}

function expectType(node: Operation, value: Value, types: readonly DataType[] | undefined): void {
  if (types !== undefined && !types.includes(value.type)) {
    mismatch(node, `input '${value.name}' must be ${types.join(' or ')}, not ${value.type}`);
  }
}

/** At most so many inputs and outputs; operands that must be there are asked for with {@link operand}. */
export function expectCounts(node: Operation, inputs: number, outputs = 1): void {
  if (node.inputs.length > inputs) mismatch(node, `takes at most ${inputs} inputs, not ${node.inputs.length}`);
  if (node.count < 1 || node.count > outputs) mismatch(node, `has 1 to ${outputs} outputs, not ${node.count}`);
}

/** All values have the type of the first one. */
export function expectOneType(node: Operation, values: readonly (Value | undefined)[]): DataType {
  const present = values.filter((value) => value !== undefined);
  const type = present[0]!.type;
  if (present.some((value) => value.type !== type)) mismatch(node, `operands must have one type`);
  return type;
}

/** A one-dimensional operand of the given size, e.g. a bias. */
export function expectVector(node: Operation, value: Value | undefined, size: Shape[number], what: string): void {
  if (value === undefined) return;
  const [length] = value.shape;
  const fits = value.shape.length === 1 && (length === size || typeof length === 'string' || typeof size === 'string');
  if (!fits) mismatch(node, `${what} must have the shape [${size}], not [${value.shape.join(', ')}]`);
}

/** `axis` counted from the front. */
export function axisOf(node: Operation, axis: number, rank: number): number {
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank) {
    mismatch(node, `axis ${axis} is outside [${-rank}, ${rank - 1}]`);
  }
  return axis < 0 ? axis + rank : axis;
}

/** Different axes counted from the front. */
export function axesOf(node: Operation, axes: readonly number[], rank: number): number[] {
  const positions = axes.map((axis) => axisOf(node, axis, rank));
  if (new Set(positions).size !== positions.length) mismatch(node, `axes [${axes.join(', ')}] repeat`);
  return positions;
}

/** The numbers of an int64 or int32 operand that has to be known while the graph is built: axes, a shape, sizes. */
export function integersOf(node: Operation, index: number, what: string): number[] {
  const value = operand(node, index, ['int64', 'int32']);
  if (value.constant === undefined) {
    return mismatch(node, `${what} ('${value.name}') must be a constant of the graph`);
  }
  const { length } = value.constant.data;
  if (value.shape.length !== 1 || length > Math.max(128, node.count)) {
    mismatch(node, `${what} ('${value.name}') must be a list, and not a long one`);
  }
  return Array.from<number | bigint, number>(value.constant.data, Number);
}
