import { EngineError } from '../errors.ts';
import type { Graph } from '../graph/graph.ts';
import type { OperatorType } from '../graph/operators.ts';
import type { DataType } from '../graph/tensor.ts';
import type { Value } from '../graph/value.ts';

/** A value, or a number that becomes a scalar of the other operand's type. */
export type Operand = Value | number;

/** Binary operators that take plain numbers. */
type Binary = Extract<OperatorType, 'Add' | 'Sub' | 'Mul' | 'Div' | 'Pow' | 'Equal' | 'Greater' | 'Less'>;

/** The sizes of a value. @throws EngineError NO_GRADIENT when one of them is only known at run time */
export function sizesOf(value: Value): readonly number[] {
  return value.shape.map((dimension) => {
    if (typeof dimension === 'number') return dimension;
    const shape = value.shape.join(', ');
    throw new EngineError('NO_GRADIENT', `gradients need known sizes, and '${value.name}' has the shape [${shape}]`);
  });
}

/** The numbers of a constant integer value: axes, sizes, pads. @throws EngineError NO_GRADIENT when not constant */
export function integersOf(value: Value): number[] {
  if (value.constant === undefined) {
    throw new EngineError('NO_GRADIENT', `'${value.name}' has to be a constant for a gradient to be derived`);
  }
  return Array.from<number | bigint, number>(value.constant.data, Number);
}

/** The axes of x [N, C, ...] that a per-channel statistic goes over. */
export function acrossChannels(x: Value): number[] {
  return x.shape.map((_, axis) => axis).filter((axis) => axis !== 1);
}

/** A vector [C] in the shape that broadcasts against x [N, C, ...]: [1, C, 1, ...] */
export function perChannel(build: Build, vector: Value, x: Value): Value {
  return build.reshape(vector, [1, sizesOf(vector)[0]!, ...x.shape.slice(2).map(() => 1)]);
}

/** The way rules write formulas: each method appends a node, or none where nothing is to be done. */
export class Build {
  readonly graph: Graph;

  constructor(graph: Graph) {
    this.graph = graph;
  }

  /** A constant of shape [] of any float or integer type. */
  scalar(value: number, type: DataType): Value {
    if (type === 'float32' || type === 'float64') return this.graph.scalar(value, type);
    return this.cast(this.graph.scalar(value), type);
  }

  add(a: Operand, b: Operand): Value {
    return this.#binary('Add', a, b);
  }

  sub(a: Operand, b: Operand): Value {
    return this.#binary('Sub', a, b);
  }

  mul(a: Operand, b: Operand): Value {
    if (b === 1 && typeof a !== 'number') return a;
    return this.#binary('Mul', a, b);
  }

  div(a: Operand, b: Operand): Value {
    return this.#binary('Div', a, b);
  }

  pow(a: Operand, b: Operand): Value {
    return this.#binary('Pow', a, b);
  }

  equal(a: Operand, b: Operand): Value {
    return this.#binary('Equal', a, b);
  }

  greater(a: Operand, b: Operand): Value {
    return this.#binary('Greater', a, b);
  }

  less(a: Operand, b: Operand): Value {
    return this.#binary('Less', a, b);
  }

  neg(x: Value): Value {
    return this.graph.op('Neg', [x]);
  }

  exp(x: Value): Value {
    return this.graph.op('Exp', [x]);
  }

  square(x: Value): Value {
    return this.mul(x, x);
  }

  /** 1 / sqrt(x) */
  reciprocalRoot(x: Value): Value {
    return this.graph.op('Reciprocal', [this.graph.op('Sqrt', [x])]);
  }

  where(condition: Value, yes: Operand, no: Operand): Value {
    const [a, b] = this.#pair(yes, no);
    return this.graph.op('Where', [condition, a, b]);
  }

  cast(x: Value, to: DataType): Value {
    return x.type === to ? x : this.graph.op('Cast', [x], { to });
  }

  matmul(a: Value, b: Value): Value {
    return this.graph.op('MatMul', [a, b]);
  }

  /** The sum over the axes, which stay with size 1 unless `keepdims` is 0. */
  sum(x: Value, axes: readonly number[], keepdims: 0 | 1 = 1): Value {
    if (axes.length === 0) return x;
    return this.graph.op('ReduceSum', [x, this.graph.integers(axes)], { keepdims });
  }

  /** The mean over the axes, which stay with size 1 unless `keepdims` is 0. */
  mean(x: Value, axes: readonly number[], keepdims: 0 | 1 = 1): Value {
    return this.graph.op('ReduceMean', [x, this.graph.integers(axes)], { keepdims });
  }

  reshape(x: Value, shape: readonly number[]): Value {
    if (x.shape.length === shape.length && shape.every((size, axis) => size === x.shape[axis])) return x;
    return this.graph.op('Reshape', [x, this.graph.integers(shape)]);
  }

  /** @param perm where each axis of the result comes from */
  transpose(x: Value, perm: readonly number[]): Value {
    if (perm.every((from, axis) => from === axis)) return x;
    // Axes of size 1 change places without a number moving; the runtime would copy.
    const moved = perm.filter((from) => x.shape[from] !== 1);
    const isStill = moved.every((from, at) => at === 0 || from > moved[at - 1]!);
    if (isStill && x.shape.every((size) => typeof size === 'number')) {
      return this.reshape(
        x,
        perm.map((from) => sizesOf(x)[from]!),
      );
    }
    return this.graph.op('Transpose', [x], { perm });
  }

  /** The last two axes exchanged. */
  transposeMatrix(x: Value): Value {
    const axes = x.shape.map((_, axis) => axis);
    return this.transpose(x, [...axes.slice(0, -2), axes.at(-1)!, axes.at(-2)!]);
  }

  expand(x: Value, shape: readonly number[]): Value {
    return this.graph.op('Expand', [x, this.graph.integers(shape)]);
  }

  zeros(type: DataType, shape: readonly number[]): Value {
    return this.expand(this.scalar(0, type), shape);
  }

  /** Zeros around the axes; negative counts cut instead. */
  pad(x: Value, axes: readonly number[], before: readonly number[], after: readonly number[]): Value {
    if ([...before, ...after].every((count) => count === 0)) return x;
    const { graph } = this;
    return graph.op('Pad', [x, graph.integers([...before, ...after]), undefined, graph.integers(axes)]);
  }

  /** `counts` elements along the axes: first, first + step, ...; negative steps go back. */
  slice(
    x: Value,
    axes: readonly number[],
    firsts: readonly number[],
    counts: readonly number[],
    steps: readonly number[],
  ): Value {
    const isWhole = (axis: number, at: number): boolean =>
      counts[at] === x.shape[axis] && ((firsts[at] === 0 && steps[at] === 1) || counts[at] === 1);
    if (axes.every(isWhole)) return x;
    // -2^31 is before the first element of any axis: a slice that goes back runs through to it.
    const ends = firsts.map((first, at) => {
      const last = first + (counts[at]! - 1) * steps[at]!;
      if (steps[at]! > 0) return last + 1;
      return last === 0 ? -(2 ** 31) : last - 1;
    });
    return this.graph.op('Slice', [x, ...[firsts, ends, axes, steps].map((list) => this.graph.integers(list))]);
  }

  /** The order along the axes turned round. */
  flip(x: Value, axes: readonly number[]): Value {
    const counts = axes.map((axis) => sizesOf(x)[axis]!);
    return this.slice(
      x,
      axes,
      counts.map((count) => count - 1),
      counts,
      counts.map(() => -1),
    );
  }

  /** step - 1 zeros between neighbours along each axis: a size of n becomes (n - 1) * step + 1. */
  spread(x: Value, axes: readonly number[], steps: readonly number[]): Value {
    const sizes = sizesOf(x);
    const stepOf = (axis: number): number => steps[axes.indexOf(axis)] ?? 1;
    if (steps.every((step) => step === 1)) return x;
    // [.., n, ..] -> [.., n, 1, ..] -> [.., n, step, ..] -> [.., n * step, ..] -> without the zeros after the last
    const places = sizes.map((_, axis) => axis).filter((axis) => stepOf(axis) > 1);
    const split = this.reshape(
      x,
      sizes.flatMap((size, axis) => (stepOf(axis) > 1 ? [size, 1] : [size])),
    );
    const inserted = places.map((axis, count) => axis + count + 1);
    const none = places.map(() => 0);
    const gaps = places.map((axis) => stepOf(axis) - 1);
    const padded = this.pad(split, inserted, none, gaps);
    const joined = this.reshape(
      padded,
      sizes.map((size, axis) => size * stepOf(axis)),
    );
    return this.slice(
      joined,
      places,
      none,
      places.map((axis) => (sizes[axis]! - 1) * stepOf(axis) + 1),
      places.map(() => 1),
    );
  }

  #binary(type: Binary, a: Operand, b: Operand): Value {
    return this.graph.op(type, this.#pair(a, b));
  }

  #pair(a: Operand, b: Operand): [Value, Value] {
    if (typeof a !== 'number') return [a, typeof b === 'number' ? this.scalar(b, a.type) : b];
    if (typeof b !== 'number') return [this.scalar(a, b.type), b];
    throw new EngineError('INVALID_ARGUMENT', 'two plain numbers have no type to take');
  }
}
