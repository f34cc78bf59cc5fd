import type { Graph } from '../graph/graph.ts';
import type { Value } from '../graph/value.ts';

/** sum / total, and 0 where the total is 0 (the sum is 0 then too): a batch without labels teaches nothing. */
export function meanOver(graph: Graph, sum: Value, total: Value): Value {
  const some = graph.op('Greater', [total, graph.scalar(0)]);
  return graph.op('Div', [sum, graph.op('Where', [some, total, graph.scalar(1)])]);
}
