/** @file What is done to a graph after it was lowered: the same outputs from fewer nodes. */
import type { Graph } from '../graph/graph.ts';
import { foldConstants, type Compute } from './constants.ts';
import { removeDeadNodes } from './dead-nodes.ts';
import { mergeDuplicates } from './duplicates.ts';
import { leaveOutputsUnshaped, nameOutputs } from './outputs.ts';
import { joinReshapes } from './reshapes.ts';

export const passes = ['constants', 'duplicates', 'reshapes', 'outputs', 'dead nodes', 'shapes of outputs'] as const;
export type Pass = (typeof passes)[number];

/** The graph after the passes that are wanted, in their order; the given one is left as it is. */
export async function applyPasses(graph: Graph, wanted: readonly Pass[], compute: Compute): Promise<Graph> {
  const folded = wanted.includes('constants') ? await foldConstants(graph, compute) : graph;
  const merged = wanted.includes('duplicates') ? mergeDuplicates(folded) : folded;
  const joined = wanted.includes('reshapes') ? joinReshapes(merged) : merged;
  // Values that were reshaped in two ways before are now perhaps the same.
  const single = joined !== merged && wanted.includes('duplicates') ? mergeDuplicates(joined) : joined;
  const named = wanted.includes('outputs') ? nameOutputs(single) : single;
  // Before outputs lose their shapes: a reshaped output that only a dead node reads is read by nobody.
  const living = wanted.includes('dead nodes') ? removeDeadNodes(named) : named;
  return wanted.includes('shapes of outputs') ? leaveOutputsUnshaped(living) : living;
}
