/**
 * @file Gradient accumulation: a batch that does not fit into memory goes through the network in micro-batches, whose
 * gradients are added up before the optimizer sees them.
 */
import type { Graph } from '../graph/graph.ts';
import { tensor, type Tensor } from '../graph/tensor.ts';
import type { Value } from '../graph/value.ts';
import type { Update } from '../optim/transform.ts';

/** Names of the graph inputs: whether this pass ends a batch, bool []; the weight of its gradient, float32 []. */
export const UPDATE = 'update';
export const SHARE = 'share';

export interface Accumulation {
  /** The trained parameters with the sum of the gradients since the last update. */
  readonly totals: readonly Update[];
  /**
   * Of numbers by graph input: the new ones where the pass ends a batch, otherwise those they had; and the accumulators
   * after the pass.
   */
  readonly onUpdate: (next: ReadonlyMap<string, Value>) => Map<string, Value>;
  /** Zeros, by graph input. */
  readonly slots: ReadonlyMap<string, Tensor>;
}

/**
 * total = accumulator + share * gradient, per parameter. After a pass the accumulator is the total, and zero where the
 * pass updates.
 * @param updates the gradients of one pass
 */
export function accumulateGradients(graph: Graph, updates: readonly Update[]): Accumulation {
  const update = graph.input(UPDATE, 'bool', []);
  const share = graph.input(SHARE, 'float32', []);
  const slots = new Map<string, Tensor>();
  const totals = updates.map((gradient) => {
    const zeros = tensor('float32', gradient.parameter.shape as readonly number[]);
    const accumulator = graph.input(accumulatorOf(gradient.name), 'float32', zeros.shape);
    const total = graph.op('Add', [accumulator, graph.op('Mul', [gradient.update, share])]);
    slots.set(accumulator.name, zeros);
    return { ...gradient, update: total };
  });
  const onUpdate: Accumulation['onUpdate'] = (changed) => {
    const inputs = new Map(graph.inputs.map((input) => [input.name, input]));
    const next = new Map<string, Value>();
    const choose = (name: string): void => {
      if (!next.has(name)) next.set(name, graph.op('Where', [update, changed.get(name)!, inputs.get(name)!]));
    };
    // Parameter by parameter, with all that is kept for it: the runtime follows this order, and new numbers that wait
    // for their choice take memory.
    for (const { name, update: total } of totals) {
      next.set(accumulatorOf(name), graph.op('Where', [update, graph.scalar(0), total]));
      [...changed.keys()].filter((key) => key === name || key.endsWith(`.${name}`)).forEach(choose);
    }
    [...changed.keys()].forEach(choose);
    return next;
  };
  return { totals, onUpdate, slots };
}

function accumulatorOf(parameter: string): string {
  return `accumulator.${parameter}`;
}
