import { GraphCopy } from '../graph/copy.ts';
import { contentKey, type Graph } from '../graph/graph.ts';
import type { AnyNode, Value } from '../graph/value.ts';

/** Constants with more numbers are not compared. */
const SMALL = 64;

/**
 * The graph with one node in place of several that have the same operator, inputs and attributes, and one constant in
 * place of small equal ones (common subexpression elimination). All operators give the same for the same: what is random
 * is drawn outside and fed. A node that passes its input on is a duplicate of what gives it. One that gives an output of the
 * graph stays.
 */
export function mergeDuplicates(graph: Graph): Graph {
  const copy = new GraphCopy(graph);
  const constants = new Map<string, Value>();
  for (const value of graph.constants) {
    if (value.constant === undefined || value.constant.data.length > SMALL) continue;
    const key = contentKey(value.constant);
    const first = constants.get(key);
    if (first === undefined) constants.set(key, value);
    else copy.replace(value, copy.of(first));
  }
  const outputs = new Set(graph.outputs);
  const seen = new Map<string, readonly Value[]>();
  for (const node of graph.nodes) {
    const isOutput = node.outputs.some((output) => outputs.has(output));
    if (node.type === 'Identity' && !isOutput) {
      copy.replace(node.outputs[0]!, copy.of(node.inputs[0]!));
      continue;
    }
    const key = keyOf(node, (value) => copy.of(value).name);
    const first = seen.get(key);
    if (first !== undefined && !isOutput) {
      node.outputs.forEach((output, index) => copy.replace(output, first[index]!));
      continue;
    }
    copy.node(node);
    if (first === undefined)
      seen.set(
        key,
        node.outputs.map((output) => copy.of(output)),
      );
  }
  copy.graph.outputs.push(...graph.outputs.map((value) => copy.of(value)));
  return copy.graph.nodes.length === graph.nodes.length ? graph : copy.graph;
}

function keyOf({ type, inputs, outputs, attributes }: AnyNode, nameOf: (value: Value) => string): string {
  const settings = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([type, outputs.length, inputs.map((value) => value && nameOf(value)), settings]);
}
