/** @file Gradients of a class that is chosen at run time, from the graph of a model file. */
import { createSession, gradients, partOf, tensor, type Graph, type Tensor, type Value } from '@busana/engine';
import { sessionOptions, type EngineOptions } from '../engine-options.ts';
import type { Target } from './target.ts';

export interface Wanted {
  readonly graph: Graph;
  /** What is differentiated with respect to. */
  readonly from: Value;
  /** Sizes of that value for one run. */
  readonly shape: readonly number[];
  /** By attribute: `[batch, classes]`, what is differentiated. */
  readonly scores: ReadonlyMap<string, Value>;
}

export interface SeededGradient {
  /** The gradient of a class, summed over the batch, in the shape of the value. */
  readonly run: (at: Float32Array, target: Target) => Promise<Float32Array>;
  readonly release: () => Promise<void>;
}

/** Compiles one graph for every class of every attribute: which is meant is fed along. */
export async function compileSeededGradient(
  { graph, from, shape, scores }: Wanted,
  engine: EngineOptions,
): Promise<SeededGradient> {
  const form = { type: 'float32', shape } as const;
  const part = partOf(graph, new Map([[from, form]]), [...scores.values()]);
  const seeds = new Map<string, Value>();
  let sum: Value | undefined;
  for (const [attribute, score] of scores) {
    const value = part.of(score);
    const seed = part.graph.input(`seed/${attribute}`, 'float32', [1, Number(value.shape[1])]);
    seeds.set(attribute, seed);
    const chosen = part.graph.op('ReduceSum', [part.graph.op('Mul', [value, seed]), part.graph.integers([0, 1])], {
      keepdims: 0,
    });
    sum = sum === undefined ? chosen : part.graph.op('Add', [sum, chosen]);
  }
  const point = part.of(from);
  const gradient = gradients(part.graph, sum!, [point]).get(point);
  if (gradient === undefined) throw new RangeError(`'${from.name}' does not lead to the scores`);
  part.graph.output(gradient, 'gradient');
  const session = await createSession(part.graph, sessionOptions(engine));
  return {
    async run(at, { attribute, index }) {
      const feeds: Record<string, Tensor> = { [point.name]: tensor('float32', shape, at) };
      for (const [name, seed] of seeds) {
        const chosen = new Float32Array(Number(seed.shape[1]));
        if (name === attribute) chosen[index] = 1;
        feeds[seed.name] = tensor('float32', [1, chosen.length], chosen);
      }
      return (await session.run(feeds))['gradient']!.data as Float32Array;
    },
    release: () => session.release(),
  };
}
