import type { Graph } from '../graph/graph.ts';
import { tensor, type Tensor } from '../graph/tensor.ts';
import type { Value } from '../graph/value.ts';

export interface AveragedParameters {
  /** Graph input of each average -> its value after the step. */
  readonly next: ReadonlyMap<string, Value>;
  /** Zeros, by graph input: the first step leaves nothing of them. */
  readonly slots: ReadonlyMap<string, Tensor>;
}

/** Graph input that holds the average of a parameter. */
export function averageOf(parameter: string): string {
  return `average.${parameter}`;
}

/**
 * Exponential moving averages of parameters and running statistics after each step (Polyak and Juditsky 1992; Tan and Le 2019, section 5):
 * a = d_t a + (1 - d_t) p with d_t = min(decay, (t - 1) / (t + 8)) at step t = 1, 2 …, so that a short training is not an
 * average of its start.
 * @param parameters next values, by name
 * @param step float64 [], 1 at the first step
 */
export function averageParameters(
  graph: Graph,
  parameters: ReadonlyMap<string, Value>,
  { decay, step }: { readonly decay: number; readonly step: Value },
): AveragedParameters {
  const number = (value: number): Value => graph.scalar(value, 'float64');
  const warming = graph.op('Div', [graph.op('Sub', [step, number(1)]), graph.op('Add', [step, number(8)])]);
  const kept = graph.op('Min', [number(decay), warming]);
  const [old, fresh] = [kept, graph.op('Sub', [number(1), kept])].map((share) =>
    graph.op('Cast', [share], { to: 'float32' }),
  ) as [Value, Value];
  const next = new Map<string, Value>();
  const slots = new Map<string, Tensor>();
  for (const [name, value] of parameters) {
    const zeros = tensor('float32', value.shape as readonly number[]);
    const average = graph.input(averageOf(name), 'float32', zeros.shape);
    slots.set(average.name, zeros);
    next.set(average.name, graph.op('Add', [graph.op('Mul', [average, old]), graph.op('Mul', [value, fresh])]));
  }
  return { next, slots };
}
