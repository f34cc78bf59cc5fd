import { consumersOf, onlyReader } from '../graph/copy.ts';
import type { Graph } from '../graph/graph.ts';
import type { AnyNode, Value } from '../graph/value.ts';
import type { Build } from '../rules/build.ts';
import type { Centred } from './blocked/batch-normalization.ts';
import type { FormTable } from './blocked/weight-gradient-forms.ts';
import { LoweredValues } from './values.ts';

export interface LowerOptions {
  /** Channels of a block of the runtime's layout for convolutions; undefined leaves everything in the order of its axes. */
  readonly block?: number;
  /**
   * Whether products and sums over many rows, as in transformers, and pixels take the forms the runtime is fast with on the
   * processor; default false.
   */
  readonly rows?: boolean;
  /** Measured forms of weight gradients; default: the table beside them. */
  readonly forms?: FormTable;
}

/** A graph on its way to the runtime's operators. */
export interface Lowering {
  readonly build: Build;
  readonly values: LoweredValues;
  /** Measured forms of weight gradients, where they are not those beside them. */
  readonly forms: FormTable | undefined;
  /** Nodes that are part of what stands for one before them. */
  readonly absorbed: Set<AnyNode>;
  /** Whether products and sums over many rows take the forms of `rows`. */
  readonly inRows: boolean;
  /** What was normalised in blocks, nearly or fully centred; the gradient reads it again. */
  readonly centred: Map<Value, Centred>;
  /** What was taken, per channel [C'], from a convolution's result for the normalisation that follows it. */
  readonly shifts: Map<Value, Value>;
  /** Whether a node reads a value, or it is an output of the graph. */
  readonly isRead: (value: Value) => boolean;
  readonly isOutput: (value: Value) => boolean;
  /** The node that makes a value; undefined for inputs and constants. */
  readonly producer: (value: Value) => AnyNode | undefined;
  /** The nodes that read a value. */
  readonly readers: (value: Value) => readonly AnyNode[];
  /** The only node that reads a value which is no output. */
  readonly onlyReader: (value: Value) => AnyNode | undefined;
}

/** Before the first node. */
export function startLowering(graph: Graph, build: Build, { block, rows = false, forms }: LowerOptions): Lowering {
  const consumers = consumersOf(graph);
  const producers = new Map(graph.nodes.flatMap((node) => node.outputs.map((value) => [value, node] as const)));
  return {
    build,
    values: new LoweredValues(build, block),
    forms,
    absorbed: new Set(),
    inRows: rows,
    centred: new Map(),
    shifts: new Map(),
    isOutput: (value) => graph.outputs.includes(value),
    isRead: (value) => graph.outputs.includes(value) || consumers.has(value),
    producer: (value) => producers.get(value),
    readers: (value) => consumers.get(value) ?? [],
    onlyReader: (value) => onlyReader(graph, consumers, value),
  };
}
