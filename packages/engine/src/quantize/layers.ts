/** @file Which layers of a graph can compute in integers, and which values are then stored in uint8. */
import { consumersOf, onlyReader } from '../graph/copy.ts';
import type { Graph } from '../graph/graph.ts';
import type { OperatorType } from '../graph/operators.ts';
import type { Tensor } from '../graph/tensor.ts';
import type { AnyNode, Value } from '../graph/value.ts';

export type Constant = Value & { readonly constant: Tensor };

/** A convolution or matrix product with known weights. */
export interface IntegerLayer {
  /** Of its weights, without the ending: what people know the layer by. */
  readonly name: string;
  readonly node: AnyNode;
  readonly input: Value;
  readonly weight: Constant;
  /** Axis of the weights that counts output channels. */
  readonly axis: number;
  readonly bias: Constant | undefined;
  /** What is stored in uint8 behind it: its output, or that of the Relu or Clip that alone reads it. */
  readonly output: Value | undefined;
}

/**
 * Convolutions, and products with constant matrices. The last linear layers before the outputs are left out: they are
 * small, and their error is the answer's.
 */
export function integerLayers(graph: Graph): IntegerLayer[] {
  const consumers = consumersOf(graph);
  const layers = graph.nodes.flatMap((node): IntegerLayer[] => {
    const [input, weight, bias] = node.inputs;
    const axis = channelAxis(node);
    if (axis === undefined || input?.type !== 'float32' || input.constant !== undefined) return [];
    if (!isOwn(weight, consumers) || (bias !== undefined && !isOwn(bias, consumers))) return [];
    const output = node.type === 'Conv' ? activated(graph, node.outputs[0]!, consumers) : undefined;
    return [{ name: weight.name.replace(/\.weight$/, ''), node, input, weight, axis, bias, output }];
  });
  const leadsOn = valuesThatReach(graph, new Set(layers.map(({ node }) => node)));
  return layers.filter(({ node }) => node.type === 'Conv' || leadsOn.has(node.outputs[0]!));
}

/** The weights' axis of output channels, for the operators with integer kernels. */
function channelAxis({ type, inputs, attributes }: AnyNode): number | undefined {
  const rank = inputs[1]?.shape.length;
  switch (type) {
    case 'Conv':
      return rank === 4 ? 0 : undefined;
    case 'MatMul':
      return rank === 2 ? 1 : undefined;
    case 'Gemm': {
      const { alpha = 1, beta = 1, transA = 0, transB = 0 } = attributes;
      return rank === 2 && alpha === 1 && beta === 1 && transA === 0 ? 1 - transB : undefined;
    }
    default:
      return undefined;
  }
}

type Consumers = ReadonlyMap<Value, readonly AnyNode[]>;

/** A constant that one node has for itself: it can be stored in the units of that node. */
function isOwn(value: Value | undefined, consumers: Consumers): value is Constant {
  return value?.constant?.type === 'float32' && consumers.get(value)?.length === 1;
}

/** Behind a Relu or Clip the same steps cover a shorter range; storing in uint8 clips by itself. */
function activated(graph: Graph, value: Value, consumers: Consumers): Value {
  const reader = onlyReader(graph, consumers, value);
  return (reader?.type === 'Relu' || reader?.type === 'Clip') && reader.inputs[0] === value
    ? reader.outputs[0]!
    : value;
}

/** Values that some path leads from to an input of one of these nodes. */
function valuesThatReach(graph: Graph, nodes: ReadonlySet<AnyNode>): ReadonlySet<Value> {
  const reaching = new Set<Value>();
  for (const node of [...graph.nodes].reverse()) {
    if (!nodes.has(node) && !node.outputs.some((output) => reaching.has(output))) continue;
    for (const value of node.inputs) if (value !== undefined) reaching.add(value);
  }
  return reaching;
}

/** What moves numbers and changes none: it stays in uint8, in the same steps. */
const movers: ReadonlySet<OperatorType> = new Set([
  'MaxPool',
  'Reshape',
  'Flatten',
  'Transpose',
  'Squeeze',
  'Unsqueeze',
  'Slice',
  'Split',
] satisfies OperatorType[]);

/**
 * The values that are stored in uint8 when these layers compute in integers, each with the value whose range counts:
 * itself, or what was moved. Besides what layers read and convolutions give, sums and concatenations of such values.
 */
export function integerValues(graph: Graph, layers: readonly IntegerLayer[]): ReadonlyMap<Value, Value> {
  const consumers = consumersOf(graph);
  const values = new Map<Value, Value>();
  const wanted = new Set(layers.flatMap(({ input, output }) => (output === undefined ? [input] : [input, output])));
  for (const input of graph.inputs) if (wanted.has(input)) values.set(input, input);
  for (const node of graph.nodes) {
    const inputs = node.inputs.filter((value) => value !== undefined);
    const stored = inputs.length > 0 && inputs.every((value) => values.has(value));
    if ((node.type === 'Add' || node.type === 'Concat') && stored) {
      wanted.add(activated(graph, node.outputs[0]!, consumers));
    }
    const moved = movers.has(node.type) ? values.get(inputs[0]!) : undefined;
    for (const output of node.outputs) {
      if (output.type !== 'float32') continue;
      if (moved !== undefined) values.set(output, moved);
      else if (wanted.has(output)) values.set(output, output);
    }
  }
  return values;
}
