/** @file The vectors of a training step: what each is called, and how they lie in memory. */
import type { TensorMap } from '../graph/tensor.ts';
import { averageOf } from './averaging.ts';
import type { Optimizer } from '../optim/transform.ts';
import type { StepPlan } from './plan.ts';

/** What decides which vectors there are. */
export interface MovingOptions {
  readonly optimizer: Optimizer;
  readonly averaging?: number;
  readonly accumulate?: boolean;
}

export function slotOf(position: number, slot: string, parameter: string): string {
  return `optimizer.${position}.${slot}.${parameter}`;
}

// What no state holds has a name that no parameter has.
export function gradientOf(parameter: string): string {
  return `gradient of ${parameter}`;
}

export function newestOf(statistic: string): string {
  return `newest ${statistic}`;
}

export function accumulatorOf(parameter: string): string {
  return `accumulator.${parameter}`;
}

/** Shapes of all vectors, in the order in which they lie in memory: those of one parameter side by side. */
export function* shapesOf(
  { trained, statistics }: StepPlan,
  start: TensorMap,
  { optimizer, averaging, accumulate = false }: MovingOptions,
): Iterable<[name: string, shape: readonly number[]]> {
  for (const { name, shape } of trained) {
    yield [name, shape];
    yield [gradientOf(name), shape];
    for (const [position, { slots }] of optimizer.entries()) {
      for (const slot of slots) yield [slotOf(position, slot, name), shape];
    }
    if (averaging !== undefined) yield [averageOf(name), shape];
    if (accumulate) yield [accumulatorOf(name), shape];
  }
  for (const name of statistics.keys()) {
    const { shape } = start.get(name)!;
    yield [name, shape];
    yield [newestOf(name), shape];
    if (averaging !== undefined) yield [averageOf(name), shape];
  }
}
