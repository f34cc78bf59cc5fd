import type { DataType } from './tensor.ts';
import type { AnyNode, Shape, Value } from './value.ts';
import { GraphCopy } from './copy.ts';
import type { Graph } from './graph.ts';

/** Type and sizes that an input of a part is given. */
export interface InputForm {
  readonly type: DataType;
  readonly shape: Shape;
}

/** A part of a graph as a graph of its own, without outputs: whoever asked for it marks what it wants of it. */
export interface GraphPart {
  readonly graph: Graph;
  /** What stands in the part for a value of the whole. @throws RangeError when it is not in the part */
  readonly of: (value: Value) => Value;
}

/**
 * What computes some values of a graph from others. The latter become inputs, under their names, in the form they are
 * given: a network read from a file with a batch of any size can so be differentiated for a batch of one, with respect
 * to its input or to a value in its middle.
 * @param from values that become inputs; inputs of the graph that are not among them must not be needed
 * @param to values that the part is to contain
 * @throws EngineError SHAPE_MISMATCH where a form does not fit what reads the value
 * @throws RangeError when another input of the graph is needed
 */
export function partOf(graph: Graph, from: ReadonlyMap<Value, InputForm>, to: readonly Value[]): GraphPart {
  const copy = new GraphCopy({ inputs: [] });
  for (const [value, { type, shape }] of from) copy.replace(value, copy.graph.input(value.name, type, shape));
  for (const node of nodesBetween(graph, from, to)) copy.node(node);
  return { graph: copy.graph, of: (value) => copy.of(value) };
}

/** The nodes that a value is computed by, in the order of the graph. */
export function ancestorsOf(graph: Graph, value: Value): readonly AnyNode[] {
  return nodesBetween(graph, new Map(), [value]);
}

/** In the order of the graph. */
function nodesBetween(graph: Graph, from: ReadonlyMap<Value, unknown>, to: readonly Value[]): AnyNode[] {
  const needed = new Set<Value>(to.filter((value) => !from.has(value)));
  const between: AnyNode[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((output) => needed.has(output))) continue;
    for (const input of node.inputs) if (input !== undefined && !from.has(input)) needed.add(input);
    between.push(node);
  }
  return between.reverse();
}
