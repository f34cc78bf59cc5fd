/** @file What can be computed ahead: batch norms into the convolutions before them, transposed weights. */
import { consumersOf, GraphCopy, onlyReader } from '../graph/copy.ts';
import type { Graph } from '../graph/graph.ts';
import { sizeOf, tensor, type Tensor } from '../graph/tensor.ts';
import type { AnyNode, Node, Value } from '../graph/value.ts';

/**
 * The same function in fewer operators: BatchNormalization(Conv(x)) becomes a convolution with a bias, a transposed
 * constant matrix becomes a constant. Weights keep their names; a folded bias has the name of the norm's.
 */
export function foldConstants(graph: Graph): Graph {
  const copy = new GraphCopy(graph);
  const consumers = consumersOf(graph);
  const norms = new Map<AnyNode, Node<'BatchNormalization'>>();
  const folded = new Set<AnyNode>();
  for (const node of graph.nodes) {
    const norm = node.type === 'Conv' ? foldableNorm(graph, node, consumers) : undefined;
    if (norm === undefined) continue;
    norms.set(node, norm);
    folded.add(norm);
  }
  for (const node of graph.nodes) {
    const norm = norms.get(node);
    if (norm !== undefined && node.type === 'Conv') foldNorm(copy, node, norm);
    else if (node.type === 'Transpose' && isMatrix(node.inputs[0]) && usedOnce(consumers, node.inputs[0])) {
      const { name, constant } = node.inputs[0];
      copy.replace(node.outputs[0]!, copy.graph.constant(transposed(constant), name));
    } else if (!folded.has(node)) copy.node(node);
  }
  copy.graph.outputs.push(...graph.outputs.map((value) => copy.of(value)));
  return copy.graph;
}

type Consumers = ReadonlyMap<Value, readonly AnyNode[]>;
type Constant = Value & { readonly constant: Tensor };

function isConstant(value: Value | undefined): value is Constant {
  return value?.constant?.type === 'float32';
}

function isMatrix(value: Value | undefined): value is Constant {
  return isConstant(value) && value.shape.length === 2;
}

function usedOnce(consumers: Consumers, value: Value): boolean {
  return consumers.get(value)?.length === 1;
}

/** The norm that alone reads what a convolution gives, where all numbers are known. */
function foldableNorm(graph: Graph, node: Node<'Conv'>, consumers: Consumers): Node<'BatchNormalization'> | undefined {
  const [, weight, bias] = node.inputs;
  const output = node.outputs[0]!;
  const norm = onlyReader(graph, consumers, output);
  if (norm?.type !== 'BatchNormalization') return undefined;
  if (norm.inputs[0] !== output || !norm.inputs.slice(1).every(isConstant)) return undefined;
  if (!isConstant(weight) || !usedOnce(consumers, weight)) return undefined;
  // The folded bias takes the name of the norm's.
  if (!usedOnce(consumers, norm.inputs[2]!) || (bias !== undefined && !isConstant(bias))) return undefined;
  return norm;
}

/**
 * y = gamma (w x + b - mean) / sqrt(variance + epsilon) + beta is w' x + b' with r = gamma / sqrt(variance + epsilon),
 * w' = r w and b' = beta + r (b - mean), per output channel (Jacob et al. 2018, section 3.2).
 * Weights are [O, I / group, kH, kW].
 */
function foldNorm(copy: GraphCopy, conv: Node<'Conv'>, norm: Node<'BatchNormalization'>): void {
  const [x, weight, bias] = conv.inputs as readonly [Value, Constant, Constant | undefined];
  const [, gamma, beta, mean, variance] = norm.inputs.map((value) => value?.constant?.data as Float32Array);
  const { epsilon = 1e-5 } = norm.attributes;
  const channels = weight.constant.shape[0]!;
  const ratio = Float64Array.from(gamma!, (scale, channel) => scale / Math.sqrt(variance![channel]! + epsilon));
  const perChannel = sizeOf(weight.constant.shape.slice(1));
  const weights = (weight.constant.data as Float32Array).map(
    (value, index) => value * ratio[Math.floor(index / perChannel)]!,
  );
  const own = bias?.constant.data as Float32Array | undefined;
  const shift = Float32Array.from(
    { length: channels },
    (_, channel) => beta![channel]! + ratio[channel]! * ((own?.[channel] ?? 0) - mean![channel]!),
  );
  const names = { node: conv.name, outputs: [norm.outputs[0]!.name] };
  const inputs = [
    copy.of(x),
    copy.graph.constant(tensor('float32', weight.constant.shape, weights), weight.name),
    copy.graph.constant(tensor('float32', [channels], shift), norm.inputs[2]!.name),
  ];
  copy.replace(norm.outputs[0]!, copy.graph.place(names, 'Conv', inputs, conv.attributes)[0]!);
}

/** [rows, columns] -> [columns, rows] */
function transposed({ shape, data }: Tensor): Tensor {
  const [rows, columns] = shape as readonly [number, number];
  const result = tensor('float32', [columns, rows]);
  result.data.forEach((_, index) => {
    result.data[index] = (data as Float32Array)[(index % rows) * columns + Math.floor(index / rows)]!;
  });
  return result;
}
