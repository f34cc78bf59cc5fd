import { consumersOf, GraphCopy } from '../graph/copy.ts';
import type { Graph } from '../graph/graph.ts';
import type { AnyNode, Value } from '../graph/value.ts';

/**
 * The graph with the nodes that give outputs and nothing else at its end, in reverse of the order in which they can be
 * computed. The runtime walks from the last of them back to what it needs and computes that: so each gradient of a weight
 * is computed as soon as the backward pass has come to its layer, and what it is computed from need not be kept until the
 * pass is over.
 */
export function orderForMemory(graph: Graph): Graph {
  const consumers = consumersOf(graph);
  const places = new Map<Value | undefined, number>();
  for (const [place, { outputs }] of graph.nodes.entries()) for (const output of outputs) places.set(output, place);
  /** Where all that the node reads is there. */
  const readyAt = ({ inputs }: AnyNode): number => Math.max(0, ...inputs.map((input) => places.get(input) ?? 0));
  const isLeaf = ({ outputs }: AnyNode): boolean => !outputs.some((value) => consumers.has(value));
  const leaves = graph.nodes.filter(isLeaf);
  const copy = new GraphCopy(graph);
  for (const node of graph.nodes) if (!isLeaf(node)) copy.node(node);
  for (const node of leaves.sort((a, b) => readyAt(b) - readyAt(a))) copy.node(node);
  copy.graph.outputs.push(...graph.outputs.map((value) => copy.of(value)));
  return copy.graph;
}
