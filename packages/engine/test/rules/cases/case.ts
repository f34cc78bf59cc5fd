import type { OperatorAttributes, OperatorType } from '../../../src/graph/operators.ts';
import { int64s, sizeOf, tensor, type Tensor } from '../../../src/graph/tensor.ts';
import { Random } from '../../../src/random.ts';

/** An operand: fed at run time, part of the graph, or left out. */
export type Operand = Tensor | { readonly constant: Tensor } | undefined;

/** One application of an operator at one legal point. */
export type Case<T extends OperatorType = OperatorType> = Application<OperatorAttributes[T]>;

interface Application<Attributes> {
  readonly inputs: readonly Operand[];
  readonly attributes: Attributes;
  /** Number of outputs; 1 unless said. */
  readonly count?: number;
  /** Float inputs that are settings and are not varied. */
  readonly fixed?: readonly number[];
  readonly step?: number;
}

/** Cases by operator. */
export type Cases = { readonly [T in OperatorType]?: readonly Case<T>[] };

type FloatType = 'float32' | 'float64';

/** Uniform numbers in [low, high); the same for the same arguments. */
export function uniform(shape: readonly number[], low = -2, high = 2, type: FloatType = 'float64'): Tensor {
  const random = Random.of('uniform', low, high, ...shape);
  const result = tensor(type, shape);
  for (let i = 0; i < result.data.length; i += 1) result.data[i] = random.uniform(low, high);
  return result;
}

/** Numbers in [low, high) at least `gap` away from each kink. */
export function awayFrom(
  kinks: readonly number[],
  shape: readonly number[],
  type: FloatType = 'float64',
  gap = 0.15,
): Tensor {
  const result = uniform(shape, -2, 2, type);
  result.data.forEach((x, i) => {
    const kink = kinks.find((at) => Math.abs(Number(x) - at) < gap);
    if (kink !== undefined) result.data[i] = kink + (Number(x) < kink ? -gap : gap);
  });
  return result;
}

/** All elements different by 0.2 or more, in random order: nothing ties. */
export function distinct(shape: readonly number[], type: FloatType = 'float64', offset = 0): Tensor {
  const result = tensor(type, shape);
  const order = Random.of('distinct', ...shape).shuffle([...result.data.keys()]);
  order.forEach((rank, i) => (result.data[i] = (rank - Math.floor(sizeOf(shape) / 2)) * 0.2 + offset));
  return result;
}

/** An int64 tensor that is fed. */
export function positions(shape: readonly number[], values: readonly number[]): Tensor {
  return tensor('int64', shape, BigInt64Array.from(values, BigInt));
}

/** A constant int64 list. */
export function list(...values: number[]): Operand {
  return { constant: int64s(values) };
}

/** Eight pairs of shapes that broadcast: equal, scalars, missing axes, axes of size 1 on either and on both sides. */
export const broadcastPairs: readonly (readonly [readonly number[], readonly number[]])[] = [
  [
    [2, 3],
    [2, 3],
  ],
  [[2, 3], []],
  [[], [2, 3]],
  [[2, 3, 4], [4]],
  [[3], [2, 4, 3]],
  [
    [2, 1, 4],
    [2, 3, 4],
  ],
  [
    [2, 1, 4],
    [1, 3, 1],
  ],
  [
    [1, 1],
    [3, 2],
  ],
];

/** Shapes for operators of one input. */
export const shapes: readonly (readonly number[])[] = [[], [5], [2, 3, 4]];
