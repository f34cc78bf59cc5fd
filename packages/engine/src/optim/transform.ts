/**
 * @file Optimizers as chains of gradient transforms, the idea of optax (Babuschkin et al. 2020, "The DeepMind JAX
 * ecosystem"): each transform takes the update of every parameter, at first its gradient, and returns it changed; what
 * the last one gives is subtracted from the parameter. Transforms append to the graph of the training step and hold no
 * numbers themselves: what they remember from step to step are slots, which the step keeps as it keeps the parameters.
 */
import type { Graph } from '../graph/graph.ts';
import type { Value } from '../graph/value.ts';

/** A parameter, and what the transforms have made of its gradient so far. */
export interface Update {
  readonly name: string;
  readonly parameter: Value;
  /** Whether weight decay acts on the parameter. */
  readonly decay: boolean;
  /** In the shape of the parameter. */
  readonly update: Value;
}

export interface TransformContext {
  readonly graph: Graph;
  /** float32 [], fed at each step. */
  readonly learningRate: Value;
  /** float64 [], fed: 1 at the first step. Double, because 1 - beta^step cancels. */
  readonly step: Value;
}

/** A changed update, and the next numbers of the slots. */
export interface Transformed {
  readonly update: Value;
  readonly slots?: Readonly<Record<string, Value>>;
}

export interface Transform {
  /** Names of the tensors kept per parameter, in its shape; zeros before the first step. */
  readonly slots: readonly string[];
  /**
   * @param slots current numbers, one record per update
   * @returns one result per update, in the same order
   */
  readonly apply: (
    updates: readonly Update[],
    slots: readonly Readonly<Record<string, Value>>[],
    context: TransformContext,
  ) => readonly Transformed[];
}

/** Transforms in the order they are applied. */
export type Optimizer = readonly Transform[];

/** A transform without memory that treats each parameter by itself. */
export function stateless(change: (update: Update, context: TransformContext) => Value): Transform {
  return {
    slots: [],
    apply: (updates, _, context) => updates.map((update) => ({ update: change(update, context) })),
  };
}
