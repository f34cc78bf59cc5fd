import { Graph } from '../graph/graph.ts';
import type { OperatorType } from '../graph/operators.ts';
import type { AnyNode, Node, Value } from '../graph/value.ts';
import { lowerBatchNormalization } from './batch-normalization.ts';
import { isBlockable, lowerConvolution } from './blocked-convolution.ts';
import { matchRank } from './scalar-operands.ts';

export interface LowerOptions {
  /** Channels of a block of the runtime's layout for convolutions; undefined leaves them as they are. */
  readonly block?: number;
}

/**
 * The graph in the runtime's operators and in the forms it is fast with: the same inputs, outputs and names,
 * BatchNormalizationTraining replaced by primitives, depthwise convolutions in blocks, single numbers in the rank of
 * what they meet. The given graph is left as it is, and returned where there is nothing to replace.
 */
export function lower(graph: Graph, { block }: LowerOptions = {}): Graph {
  const result = new Graph();
  const copies = new Map<Value, Value>();
  for (const value of graph.inputs) copies.set(value, result.input(value.name, value.type, value.shape));
  for (const value of graph.constants) copies.set(value, result.constant(value.constant!, value.name));
  const matched = matchRank(result);
  let changed = false;
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((value) => value && copies.get(value));
    const lowered = lowerNode(result, node, inputs, block);
    const operands = lowered === undefined ? matched(node, inputs) : inputs;
    changed ||= lowered !== undefined || operands !== inputs;
    const made = lowered ?? copy<OperatorType>(result, node, operands);
    node.outputs.forEach((output, index) => copies.set(output, made[index]!));
  }
  if (!changed) return graph;
  for (const value of graph.outputs) result.outputs.push(copies.get(value)!);
  return result;
}

type Operands = readonly (Value | undefined)[];

/** What takes the place of a node, under its name; undefined when the runtime may have it as it is. */
function lowerNode(
  result: Graph,
  node: AnyNode,
  inputs: Operands,
  block: number | undefined,
): readonly Value[] | undefined {
  if (node.type === 'BatchNormalizationTraining') {
    return lowerBatchNormalization(result, node, [inputs[0]!, inputs[1]!, inputs[2]!]);
  }
  if (block === undefined || !isBlockable(node, block)) return undefined;
  return lowerConvolution(result, node, [inputs[0]!, inputs[1]!]);
}

/** Appends a node to another graph under the same names. */
function copy<T extends OperatorType>(result: Graph, node: Node<T>, inputs: Operands): readonly Value[] {
  const names = { node: node.name, outputs: node.outputs.map((output) => output.name) };
  return result.place(names, node.type, inputs, node.attributes);
}
