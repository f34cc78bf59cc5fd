/** @file One graph run in both layouts. */
import { gradients } from '../../src/autodiff/gradients.ts';
import type { Graph } from '../../src/graph/graph.ts';
import { tensor, type Tensor } from '../../src/graph/tensor.ts';
import type { Value } from '../../src/graph/value.ts';
import { lower } from '../../src/lowering/lower.ts';
import { blockSize } from '../../src/runtime/block-size.ts';
import { createSession, type Named } from '../../src/runtime/session.ts';
import { expectClose } from '../../src/testing/closeness.ts';

/** Numbers spread over [-1, 1] without a pattern that a layout could keep. */
export function spreadOut(shape: readonly number[], seed: number): Tensor<'float32'> {
  const result = tensor('float32', shape);
  let state = seed + 1;
  for (let index = 0; index < result.data.length; index += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    result.data[index] = state / 2 ** 31 - 1;
  }
  return result;
}

export async function runIn(layout: 'plain' | 'blocked', graph: Graph, feeds: Named): Promise<Record<string, Tensor>> {
  const session = await createSession(graph, { threads: 1, layout });
  try {
    return await session.run(feeds);
  } finally {
    await session.release();
  }
}

/** Types of the nodes that a graph has in blocks. */
export async function typesInBlocks(graph: Graph): Promise<string[]> {
  return lower(graph, { block: (await blockSize())! }).nodes.map(({ type }) => type);
}

/** Fails where an output in blocks is further than 1e-5 from the plain one; inputs are filled where none are given. */
export async function expectEqualInBlocks(graph: Graph, given: Named = {}): Promise<void> {
  const feeds = Object.fromEntries(
    graph.inputs.map(({ name, shape }, index) => [name, given[name] ?? spreadOut(shape as number[], index * 77)]),
  );
  const plain = await runIn('plain', graph, feeds);
  const blocked = await runIn('blocked', graph, feeds);
  for (const [name, expected] of Object.entries(plain)) expectClose(blocked[name]!, expected, 1e-5, name);
}

/** Marks y and the gradients of sum(y t) with respect to the values, t an input of y's shape. */
export function withGradients(graph: Graph, y: Value, values: readonly Value[]): void {
  const seed = graph.input('seed', y.type, y.shape);
  graph.output(y, 'y');
  const found = gradients(graph, y, values, seed);
  for (const value of values) graph.output(found.get(value)!, `d ${value.name}`);
}
