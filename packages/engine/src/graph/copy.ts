import { Graph } from './graph.ts';
import type { OperatorType } from './operators.ts';
import type { AnyNode, Node, Value } from './value.ts';

/** A copy under way: values of the old graph and what stands for them in the new one. */
export class GraphCopy {
  readonly graph = new Graph();
  readonly #copies = new Map<Value, Value>();

  constructor(original: Pick<Graph, 'inputs'>) {
    for (const value of original.inputs) {
      this.#copies.set(value, this.graph.input(value.name, value.type, value.shape));
    }
  }

  /** What stands for a value. A constant is copied when it is first asked for: one that nobody uses stays behind. */
  of(value: Value): Value {
    const known = this.#copies.get(value);
    if (known !== undefined) return known;
    if (value.constant === undefined) throw new RangeError(`the value '${value.name}' was not copied before its use`);
    const copy = this.graph.constant(value.constant, value.name);
    this.#copies.set(value, copy);
    return copy;
  }

  /** Lets something stand for a value of the old graph. */
  replace(value: Value, by: Value): void {
    this.#copies.set(value, by);
  }

  /** Appends a node as it is, under its names. */
  node(node: AnyNode): void {
    const inputs = node.inputs.map((value) => value && this.of(value));
    const made = placeCopy<OperatorType>(this.graph, node, inputs);
    node.outputs.forEach((output, index) => this.#copies.set(output, made[index]!));
  }
}

/** Appends a node of another graph under its names. @param inputs what stands for its inputs */
export function placeCopy<T extends OperatorType>(
  graph: Graph,
  { name, type, outputs, attributes }: Node<T>,
  inputs: readonly (Value | undefined)[],
): readonly Value[] {
  const names = { node: name, outputs: outputs.map((output) => output.name) };
  return graph.place(names, type, inputs, attributes);
}

/** The node that alone reads a value; undefined for outputs of the graph, which others read. */
export function onlyReader(
  graph: Graph,
  consumers: ReadonlyMap<Value, readonly AnyNode[]>,
  value: Value,
): AnyNode | undefined {
  const readers = consumers.get(value) ?? [];
  return readers.length === 1 && !graph.outputs.includes(value) ? readers[0] : undefined;
}

/** For each value, the nodes that read it; a node that reads it twice is there twice. */
export function consumersOf(graph: Graph): ReadonlyMap<Value, readonly AnyNode[]> {
  const consumers = new Map<Value, AnyNode[]>();
  for (const node of graph.nodes) {
    for (const value of node.inputs) {
      if (value === undefined) continue;
      const list = consumers.get(value) ?? [];
      consumers.set(value, list);
      list.push(node);
    }
  }
  return consumers;
}
