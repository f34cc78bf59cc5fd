/** @file Calibration: which values the activations of a graph take on examples. */
import { GraphCopy } from '../graph/copy.ts';
import type { Graph } from '../graph/graph.ts';
import type { Value } from '../graph/value.ts';
import { createSession, type Named } from '../runtime/session.ts';
import { Histogram } from './histogram.ts';
import { entropyRange, percentileRange } from './thresholds.ts';
import type { Range } from './integers.ts';

/** How the range of an activation follows from its values. `percentile` clips all but `percent` of those not 0. */
export type Calibration = { readonly method: 'entropy' } | { readonly method: 'percentile'; readonly percent: number };

/** Feeds of a graph, batch by batch. Small ones: all activations of one batch are in memory at once. */
export type Batches = AsyncIterable<Named> | Iterable<Named>;

/** Histograms of values over all batches, by the values' names. @throws EngineError RUNTIME */
export async function observe(
  graph: Graph,
  values: readonly Value[],
  batches: Batches,
  options: { readonly threads?: number } = {},
): Promise<ReadonlyMap<string, Histogram>> {
  const histograms = new Map(values.map(({ name }) => [name, new Histogram()] as const));
  const watched = new GraphCopy(graph);
  for (const node of graph.nodes) watched.node(node);
  watched.graph.outputs.push(...values.map((value) => watched.of(value)));
  const session = await createSession(watched.graph, options);
  // Batches of one size are written into the same memory: what each run would allocate is freed late.
  const buffers = new Map<string, Named>();
  try {
    for await (const feeds of batches) {
      const key = JSON.stringify(Object.values(feeds).map(({ shape }) => shape));
      const found = await session.run(feeds, buffers.get(key));
      buffers.set(key, found);
      for (const [name, { data }] of Object.entries(found)) histograms.get(name)!.add(data as Float32Array);
    }
  } finally {
    await session.release();
  }
  return histograms;
}

/** The range of each observed value, by name. */
export function rangesOf(
  histograms: ReadonlyMap<string, Histogram>,
  calibration: Calibration,
): ReadonlyMap<string, Range> {
  return new Map(
    [...histograms].map(([name, histogram]) => [
      name,
      calibration.method === 'entropy' ? entropyRange(histogram) : percentileRange(histogram, calibration.percent),
    ]),
  );
}
