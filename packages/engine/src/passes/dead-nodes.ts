import { GraphCopy } from '../graph/copy.ts';
import type { Graph } from '../graph/graph.ts';
import type { AnyNode, Value } from '../graph/value.ts';

/**
 * The graph without nodes and constants that no output depends on; itself where there are none. Inputs stay, read or not:
 * they are what the graph is called with.
 */
export function removeDeadNodes(graph: Graph): Graph {
  const read = new Set<Value | undefined>(graph.outputs);
  const alive = new Set<AnyNode>();
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((output) => read.has(output))) continue;
    alive.add(node);
    for (const input of node.inputs) read.add(input);
  }
  if (alive.size === graph.nodes.length && graph.constants.every((value) => read.has(value))) return graph;
  const copy = new GraphCopy(graph);
  for (const node of graph.nodes) if (alive.has(node)) copy.node(node);
  copy.graph.outputs.push(...graph.outputs.map((value) => copy.of(value)));
  return copy.graph;
}
