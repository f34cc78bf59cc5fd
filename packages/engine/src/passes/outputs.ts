import { GraphCopy, placeCopy } from '../graph/copy.ts';
import type { Graph } from '../graph/graph.ts';
import type { OperatorType } from '../graph/operators.ts';
import type { AnyNode, Value } from '../graph/value.ts';

/**
 * The graph whose outputs are given by the nodes that compute them, under the outputs' names, and not by one behind that
 * passes a value on; itself where that is so already. Such a node stays behind an input, a constant, or an output.
 */
export function nameOutputs(graph: Graph): Graph {
  const outputs = new Set(graph.outputs);
  const computed = new Set(graph.nodes.filter(({ type }) => type !== 'Identity').flatMap((node) => node.outputs));
  const passedOn = new Set<AnyNode>();
  const names = new Map<Value, Value>();
  for (const node of graph.nodes) {
    const [input, output] = [node.inputs[0], node.outputs[0]!];
    if (node.type !== 'Identity' || input === undefined || !outputs.has(output)) continue;
    if (!computed.has(input) || outputs.has(input) || names.has(input)) continue;
    names.set(input, output);
    passedOn.add(node);
  }
  if (passedOn.size === 0) return graph;
  const copy = new GraphCopy(graph);
  for (const node of graph.nodes) {
    if (passedOn.has(node)) {
      copy.replace(node.outputs[0]!, copy.of(node.inputs[0]!));
      continue;
    }
    const named = node.outputs.map((output) => names.get(output) ?? output);
    const inputs = node.inputs.map((value) => value && copy.of(value));
    const made = placeCopy<OperatorType>(copy.graph, { ...node, outputs: named }, inputs);
    node.outputs.forEach((output, index) => copy.replace(output, made[index]!));
  }
  copy.graph.outputs.push(...graph.outputs.map((value) => copy.of(value)));
  return copy.graph;
}
