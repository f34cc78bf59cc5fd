/** @file Random operands and attributes that cases of operators are made of. */
import { int64s, sizeOf, tensor, type DataType, type Tensor } from '../../src/graph/tensor.ts';
import type { Random } from '../../src/random.ts';

export interface Operand {
  readonly content: Tensor;
  /** Part of the graph rather than fed. */
  readonly constant: boolean;
}

export const floatTypes = ['float32', 'float64'] as const;
export const arithmeticTypes = [...floatTypes, 'int32', 'int64'] as const;

/** Eight ways for two shapes to broadcast. */
export const broadcastPairs: readonly (readonly [readonly number[], readonly number[]])[] = [
  [[2, 3], [2, 3]],
  [[2, 3], []],
  [[], [2, 3]],
  [[2, 3], [3]],
  [[2, 1], [2, 3]],
  [[2, 1, 4], [3, 1]],
  [[1], [2, 3, 4]],
  [[1, 3, 1], [2, 1, 4]],
]; // prettier-ignore

/** Numbers in [0.5, 2] or {1, 2, 3}, legal for every elementwise operator. */
export function filled<T extends DataType>(random: Random, type: T, shape: readonly number[]): Tensor<T> {
  const content = tensor(type, shape);
  const { data } = content;
  for (let i = 0; i < data.length; i += 1) {
    if (data instanceof BigInt64Array) data[i] = BigInt(random.integer(1, 3));
    else if (data instanceof Float32Array || data instanceof Float64Array) data[i] = random.uniform(0.5, 2);
    else data[i] = type === 'bool' ? random.integer(0, 1) : random.integer(1, 3);
  }
  return content;
}

export function fed(content: Tensor): Operand {
  return { content, constant: false };
}

export function given(content: Tensor): Operand {
  return { content, constant: true };
}

export function list(values: readonly number[]): Operand {
  return given(int64s(values));
}

export function shapeOf(random: Random, lowest = 0, highest = 4): number[] {
  return Array.from({ length: random.integer(lowest, highest) }, () => random.integer(1, 4));
}

/** An axis counted from the front or the back. */
export function axisOf(random: Random, rank: number): number {
  return random.integer(-rank, rank - 1);
}

export function someAxes(random: Random, rank: number): number[] {
  const axes = random.shuffle(Array.from({ length: rank }, (_, axis) => axis)).slice(0, random.integer(1, rank));
  return axes.map((axis) => (random.chance(0.5) ? axis : axis - rank));
}

interface WindowOptions {
  readonly kernel_shape: number[];
  readonly strides?: number[];
  readonly pads?: number[];
  readonly dilations?: number[];
}

/** A window over two spatial axes; pads stay below the kernel. */
export function windowOf(random: Random, dilated: boolean): WindowOptions {
  const pair = (low: number, high: number): number[] => [random.integer(low, high), random.integer(low, high)];
  const kernel = pair(1, 3);
  const pads = [...kernel, ...kernel].map((size) => random.integer(0, size - 1));
  return {
    kernel_shape: kernel,
    ...(random.chance(0.7) && { strides: pair(1, 3) }),
    ...(random.chance(0.7) && { pads }),
    ...(dilated && random.chance(0.3) && { dilations: pair(1, 2) }),
  };
}

export function picture(random: Random, channels = random.integer(1, 3), type: DataType = 'float32'): Operand {
  return fed(filled(random, type, [random.integer(1, 2), channels, random.integer(5, 9), random.integer(5, 9)]));
}

/** Whole windows only, or also the last partial one. */
export function maybeCeil(random: Random): { ceil_mode?: 0 | 1 } {
  return random.chance(0.6) ? { ceil_mode: random.chance(0.7) ? 1 : 0 } : {};
}

/** Positions into an axis of the given size, some counted from the back. */
export function positions(random: Random, type: 'int32' | 'int64', shape: readonly number[], size: number): Tensor {
  const values = Array.from({ length: sizeOf(shape) }, () => random.integer(-size, size - 1));
  return type === 'int64'
    ? tensor(type, shape, BigInt64Array.from(values, BigInt))
    : tensor(type, shape, Int32Array.from(values));
}

/** Data, and indices of its rank within it. */
export function elements(random: Random): { data: Operand; indices: Operand; shape: number[]; axis: number } {
  const shape = shapeOf(random, 1, 3);
  const axis = axisOf(random, shape.length);
  const inner = shape.map((size, at) => random.integer(1, at === (axis + shape.length) % shape.length ? 4 : size));
  const indices = fed(positions(random, random.pick(['int32', 'int64']), inner, shape.at(axis)!));
  return { data: fed(filled(random, 'float32', shape)), indices, shape: inner, axis };
}

export const movable: readonly DataType[] = ['float32', 'float64', 'int32', 'int64', 'uint8', 'bool'];

export function anything(random: Random, shape: readonly number[]): Operand {
  return fed(filled(random, random.pick(movable), shape));
}
