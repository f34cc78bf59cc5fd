import { consumersOf, onlyReader } from '../graph/copy.ts';
import type { Graph } from '../graph/graph.ts';
import type { AnyNode, Value } from '../graph/value.ts';
import type { Build } from '../rules/build.ts';
import { LoweredValues } from './values.ts';

export interface LowerOptions {
  /** Channels of a block of the runtime's layout for convolutions; undefined leaves everything in the order of its axes. */
  readonly block?: number;
  /** Whether products and sums over many rows, as in transformers, take the forms the runtime is fast with; default false. */
  readonly rows?: boolean;
}

/** A graph on its way to the runtime's operators. */
export interface Lowering {
  readonly build: Build;
  readonly values: LoweredValues;
  /** Nodes that are part of what stands for one before them. */
  readonly absorbed: Set<AnyNode>;
  /** Whether products and sums over many rows take the forms of `rows`. */
  readonly inRows: boolean;
  /** x - mean in blocks of what was normalised there; the gradient reads it again. */
  readonly centred: Map<Value, Value>;
  /** Whether a node reads a value, or it is an output of the graph. */
  readonly isRead: (value: Value) => boolean;
  /** The node that makes a value; undefined for inputs and constants. */
  readonly producer: (value: Value) => AnyNode | undefined;
  /** The nodes that read a value. */
  readonly readers: (value: Value) => readonly AnyNode[];
  /** The only node that reads a value which is no output. */
  readonly onlyReader: (value: Value) => AnyNode | undefined;
}

/** Before the first node. */
export function startLowering(graph: Graph, build: Build, { block, rows = false }: LowerOptions): Lowering {
  const consumers = consumersOf(graph);
  const producers = new Map(graph.nodes.flatMap((node) => node.outputs.map((value) => [value, node] as const)));
  return {
    build,
    values: new LoweredValues(build, block),
    absorbed: new Set(),
    inRows: rows,
    centred: new Map(),
    isRead: (value) => graph.outputs.includes(value) || consumers.has(value),
    producer: (value) => producers.get(value),
    readers: (value) => consumers.get(value) ?? [],
    onlyReader: (value) => onlyReader(graph, consumers, value),
  };
}
