import { Graph } from '../graph/graph.ts';
import type { OperatorType } from '../graph/operators.ts';
import type { Node, Value } from '../graph/value.ts';
import { lowerBatchNormalization } from './batch-normalization.ts';

/** Appends a copy of a node to another graph under the same names. */
type Copy = <T extends OperatorType>(node: Node<T>) => void;

/**
 * The graph in ONNX's own operators: the same inputs, outputs and names, BatchNormalizationTraining replaced by
 * primitives. The given graph is left as it is, and returned where there is nothing to replace.
 */
export function lower(graph: Graph): Graph {
  if (graph.nodes.every(({ type }) => type !== 'BatchNormalizationTraining')) return graph;
  const result = new Graph();
  const copies = new Map<Value, Value>();
  const copied = (value: Value | undefined): Value | undefined => value && copies.get(value);
  for (const value of graph.inputs) copies.set(value, result.input(value.name, value.type, value.shape));
  for (const value of graph.constants) copies.set(value, result.constant(value.constant!, value.name));
  const copy: Copy = ({ name, type, inputs, outputs, attributes }) => {
    const names = { node: name, outputs: outputs.map((output) => output.name) };
    const made = result.place(names, type, inputs.map(copied), attributes);
    outputs.forEach((output, index) => copies.set(output, made[index]!));
  };
  for (const node of graph.nodes) {
    if (node.type === 'BatchNormalizationTraining') {
      const [x, scale, bias] = node.inputs.map((value) => copied(value)!) as [Value, Value, Value];
      const made = lowerBatchNormalization(result, node, [x, scale, bias]);
      node.outputs.forEach((output, index) => copies.set(output, made[index]!));
    } else {
      copy<OperatorType>(node);
    }
  }
  for (const value of graph.outputs) result.outputs.push(copies.get(value)!);
  return result;
}
