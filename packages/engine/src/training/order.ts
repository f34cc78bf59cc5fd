import { consumersOf } from '../graph/copy.ts';
import type { Graph } from '../graph/graph.ts';

/**
 * Puts the nodes that give outputs and nothing else at the end, the last one first. The runtime walks from the last of
 * them back to what it needs and computes that: so each gradient of a weight is computed as soon as the backward pass has
 * come to its layer, and what it is computed from need not be kept until the pass is over.
 */
export function orderForMemory(graph: Graph): void {
  const consumers = consumersOf(graph);
  const isLeaf = ({ outputs }: (typeof graph.nodes)[number]): boolean => !outputs.some((value) => consumers.has(value));
  const leaves = graph.nodes.filter(isLeaf);
  const others = graph.nodes.filter((node) => !isLeaf(node));
  graph.nodes.splice(0, graph.nodes.length, ...others, ...leaves.reverse());
}
