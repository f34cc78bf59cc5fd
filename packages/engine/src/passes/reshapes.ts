import { GraphCopy, placeCopy } from '../graph/copy.ts';
import type { Graph } from '../graph/graph.ts';
import type { OperatorType } from '../graph/operators.ts';
import type { AnyNode, Value } from '../graph/value.ts';

export const reshaping: ReadonlySet<OperatorType> = new Set(['Reshape', 'Flatten', 'Squeeze', 'Unsqueeze']);

/**
 * The graph in which a value that is reshaped twice in a row is reshaped once, from what it was at first; itself where
 * there is none. The runtime would do so too, but with nodes of its own, which it then runs out of the order for memory.
 */
export function joinReshapes(graph: Graph): Graph {
  const copy = new GraphCopy(graph);
  const sources = new Map<Value, Value>();
  let changed = false;
  for (const node of graph.nodes) {
    const input = node.inputs[0];
    const source = input && sources.get(input);
    if (source !== undefined && isWhole(node)) {
      const inputs = [source, ...node.inputs.slice(1)].map((value) => value && copy.of(value));
      const made = placeCopy<OperatorType>(copy.graph, node, inputs);
      copy.replace(node.outputs[0]!, made[0]!);
      changed = true;
    } else copy.node(node);
    if (reshaping.has(node.type) && input !== undefined) sources.set(node.outputs[0]!, source ?? input);
  }
  copy.graph.outputs.push(...graph.outputs.map((value) => copy.of(value)));
  return changed ? copy.graph : graph;
}

/** Whether a node gives the same whatever its input was reshaped to before; a size of 0 is one of the input's. */
function isWhole({ type, inputs }: AnyNode): boolean {
  const sizes = inputs[1]?.constant?.data;
  return type === 'Reshape' && sizes !== undefined && !Array.from<number | bigint, number>(sizes, Number).includes(0);
}
