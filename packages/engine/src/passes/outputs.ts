import { consumersOf, GraphCopy, placeCopy } from '../graph/copy.ts';
import type { Graph } from '../graph/graph.ts';
import type { OperatorType } from '../graph/operators.ts';
import type { AnyNode, Value } from '../graph/value.ts';
import { reshaping } from './reshapes.ts';

/**
 * The graph whose outputs are given by the nodes that compute them, under the outputs' names, and not by one behind that
 * passes a value on; itself where that is so already. Such a node stays behind an input, a constant, or an output.
 */
export function nameOutputs(graph: Graph): Graph {
  return withoutLast(graph, ({ type }) => type === 'Identity');
}

/**
 * The graph whose outputs have the numbers that are wanted, but not always the sizes: those before a last reshaping, which
 * the runtime copies. Only where nothing else reads what was reshaped, and sizes are known.
 */
export function leaveOutputsUnshaped(graph: Graph): Graph {
  const consumers = consumersOf(graph);
  const isKnown = ({ shape }: Value): boolean => shape.every((size) => typeof size === 'number');
  const unshaped = withoutLast(
    graph,
    ({ type, inputs: [input], outputs: [output] }) =>
      reshaping.has(type) && !consumers.has(output!) && isKnown(output!) && input !== undefined && isKnown(input),
  );
  return unshaped === graph ? graph : leaveOutputsUnshaped(unshaped);
}

/** @param passesOn whether a node gives the numbers of its first input */
function withoutLast(graph: Graph, passesOn: (node: AnyNode) => boolean): Graph {
  const outputs = new Set(graph.outputs);
  const computed = new Set(graph.nodes.filter((node) => !passesOn(node)).flatMap((node) => node.outputs));
  const passedOn = new Set<AnyNode>();
  const names = new Map<Value, Value>();
  for (const node of graph.nodes) {
    const [input, output] = [node.inputs[0], node.outputs[0]!];
    if (!passesOn(node) || input === undefined || !outputs.has(output)) continue;
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
