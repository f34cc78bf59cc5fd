import { consumersOf } from '../graph/copy.ts';
import type { Graph } from '../graph/graph.ts';
import type { OperatorType } from '../graph/operators.ts';
import type { AnyNode, Block, Node, Value } from '../graph/value.ts';

/** A block on the way back, with what stands for its values by now. */
interface Open {
  readonly block: Block;
  readonly producers: ReadonlyMap<Value, AnyNode>;
  readonly again: Map<Value, Value>;
}

/**
 * Forward values for the backward pass: of a block only the input and what others read is kept; its inside is computed
 * again when the gradient has arrived at the block, and is forgotten when the gradient has passed (Chen et al. 2016,
 * arXiv:1604.06174, section 3). Nodes are repeated as they are, with the same parameters and masks, so their numbers are
 * the same bits. Nothing but gradients reads the repetition: running statistics move once.
 */
export class Recomputation {
  readonly #graph: Graph;
  readonly #blockOf = new Map<AnyNode, Open>();
  readonly #kept = new Set<Value>();

  constructor(graph: Graph, blocks: readonly Block[]) {
    this.#graph = graph;
    const consumers = consumersOf(graph);
    for (const block of blocks) {
      const nodes = new Set(block.nodes);
      const producers = new Map(block.nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)));
      const open: Open = { block, producers, again: new Map() };
      for (const node of block.nodes) this.#blockOf.set(node, open);
      for (const value of producers.keys()) {
        if (consumers.get(value)?.some((node) => !nodes.has(node)) === true) this.#kept.add(value);
      }
    }
  }

  /** A forward value as the gradient of a node reads it. @param arrived the gradient of the node's output */
  of(node: AnyNode, value: Value, arrived: Value): Value {
    const open = this.#blockOf.get(node);
    if (open === undefined) return value;
    const { block, again } = open;
    if (!again.has(block.input)) again.set(block.input, this.#graph.op('After', [block.input, arrived]));
    return this.#again(open, value);
  }

  #again(open: Open, value: Value): Value {
    const known = open.again.get(value);
    const producer = open.producers.get(value);
    if (known !== undefined) return known;
    if (producer === undefined || this.#kept.has(value)) return value;
    const inputs = producer.inputs.map((input) => input && this.#again(open, input));
    // What depends on parameters alone is there already.
    const outputs = inputs.every((input, index) => input === producer.inputs[index])
      ? producer.outputs
      : repeat<OperatorType>(this.#graph, producer, inputs);
    producer.outputs.forEach((output, index) => open.again.set(output, outputs[index]!));
    return open.again.get(value)!;
  }
}

function repeat<T extends OperatorType>(
  graph: Graph,
  { name, type, outputs, attributes }: Node<T>,
  inputs: readonly (Value | undefined)[],
): readonly Value[] {
  const names = { node: `${name}/again`, outputs: outputs.map((output) => `${output.name}/again`) };
  return graph.place(names, type, inputs, attributes);
}
