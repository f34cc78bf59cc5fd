import type { AnyNode, Node, Value } from '../../graph/value.ts';
import { sizesOf } from '../../rules/build.ts';
import type { Lowering } from '../lowering.ts';
import { batchStatistics, knownStatistics, normalise, normalisationGradient } from './batch-normalization.ts';
import { blockedConvolution, fitOfConvolution } from './convolution.ts';
import { blockedConcat, blockedElementwise, blockedPooling, blockedSplit } from './elementwise.ts';
import { blockedInputGradient } from './input-gradient.ts';
import { affine, type Activation } from './per-channel.ts';
import { reluGradient } from './relu-gradient.ts';
import { blockedWeightGradient } from './weight-gradient.ts';

/** A node in the runtime's blocked layout. @returns whether it has a form there */
export function lowerInBlocks(lowering: Lowering, node: AnyNode): boolean {
  const { build, values } = lowering;
  if (values.block === undefined) return false;
  const output = node.outputs[0]!;
  const fit = fitOfConvolution(node, values.block);
  if (node.type === 'Conv' && fit !== undefined) {
    values.setBlocked(output, blockedConvolution(build, values, node, fit));
    return true;
  }
  if (node.type === 'BatchNormalizationTraining') return batchNormalization(lowering, node);
  if (node.type === 'BatchNormalization') return evaluatedNormalization(lowering, node);
  if (node.type === 'BatchNormalizationGradient') return batchNormalizationGradient(lowering, node);
  if (node.type === 'ReluGradient') {
    const [dy, y] = node.inputs as readonly [Value, Value];
    if (!values.isBlocked(y)) return false;
    values.setBlocked(output, reluGradient(build, values.blocked(dy), values.blocked(y), node.attributes.upper));
    return true;
  }
  if (node.type === 'ConvWeightGradient') {
    return set((copy) => values.setPlain(output, copy), blockedWeightGradient(build, values, node));
  }
  const pooled = blockedPooling(build, values, node);
  if (pooled !== undefined) return set((copy) => values.setPlain(output, copy), pooled);
  const pieces = blockedSplit(build, values, node);
  pieces?.forEach((piece, index) => values.setBlocked(node.outputs[index]!, piece));
  if (pieces !== undefined) return true;
  if (node.type === 'ConvInputGradient') return inputGradient(lowering, node);
  const made = blockedConcat(build, values, node) ?? blockedElementwise(build, values, node);
  return set((copy) => values.setBlocked(output, copy), made);
}

/** Together with the sum that follows where a value was read twice. */
function inputGradient(lowering: Lowering, node: Node<'ConvInputGradient'>): boolean {
  const { build, values, absorbed } = lowering;
  const following = sumAfter(lowering, node.outputs[0]!);
  const made = blockedInputGradient(build, values, node, following?.sum);
  if (made === undefined) return false;
  if (following !== undefined) absorbed.add(following.node);
  values.setBlocked(following?.node.outputs[0] ?? node.outputs[0]!, made);
  return true;
}

function set(put: (copy: Value) => void, made: Value | undefined): boolean {
  if (made !== undefined) put(made);
  return made !== undefined;
}

/** What follows a normalisation and goes in the same pass: a sum with what is there already, then a cut at zero. */
interface Tail {
  readonly output: Value;
  readonly nodes: readonly AnyNode[];
  readonly sum?: Value;
  readonly activation?: Activation;
}

/** The sum of a value with one that stands in blocks already, where nothing else reads the value. */
function sumAfter({ values, onlyReader }: Lowering, value: Value): { node: AnyNode; sum: Value } | undefined {
  const node = onlyReader(value);
  const sum = node?.type === 'Add' ? node.inputs.find((input) => input !== value) : undefined;
  if (node === undefined || sum === undefined || !values.isBlocked(sum) || !sameShape(sum, value)) return undefined;
  return { node, sum };
}

function tailOf(lowering: Lowering, y: Value): Tail {
  const { onlyReader } = lowering;
  const sum = sumAfter(lowering, y);
  const tail: Tail = sum ? { output: sum.node.outputs[0]!, nodes: [sum.node], sum: sum.sum } : { output: y, nodes: [] };
  const next = onlyReader(tail.output);
  const longer = next && { output: next.outputs[0]!, nodes: [...tail.nodes, next] };
  if (next?.type === 'Relu') return { ...tail, ...longer, activation: { activation: 'Relu' } };
  const bounds = next?.type === 'Clip' ? next.inputs.slice(1).map((value) => value?.constant?.data[0]) : [];
  if (next?.type !== 'Clip' || bounds.length < 2 || bounds.includes(undefined)) return tail;
  const activation = { activation: 'Clip', activation_params: bounds.map(Number) } as const;
  return { ...tail, ...longer, activation };
}

function sameShape(a: Value, b: Value): boolean {
  return a.shape.join() === b.shape.join();
}

function batchNormalization(lowering: Lowering, node: Node<'BatchNormalizationTraining'>): boolean {
  const { build, values } = lowering;
  const [x, scale, bias] = node.inputs as readonly [Value, Value, Value];
  if (!values.isBlocked(x)) return false;
  const statistics = batchStatistics(build, values.blocked(x), node.attributes.epsilon);
  lowering.centred.set(x, statistics.centred);
  const { output, nodes, sum, activation } = tailOf(lowering, node.outputs[0]!);
  for (const absorbed of nodes) lowering.absorbed.add(absorbed);
  const vectors = [scale, bias].map((value) => values.padded(values.plain(value), 0)) as [Value, Value];
  const added = sum && values.blocked(sum);
  values.setBlocked(output, normalise(build, statistics, vectors, added, activation));
  const channels = sizesOf(x)[1]!;
  [statistics.mean, statistics.variance, statistics.r].forEach((vector, index) => {
    const made = node.outputs[index + 1];
    if (made !== undefined) values.setPlain(made, build.slice(vector, [0], [0], [channels], [1]));
  });
  return true;
}

/** Of a network that evaluates; padding makes the variance of an empty channel 0, and its result finite. */
function evaluatedNormalization(lowering: Lowering, node: Node<'BatchNormalization'>): boolean {
  const { build, values, absorbed } = lowering;
  const [x, ...parameters] = node.inputs as readonly [Value, ...Value[]];
  if (!values.isBlocked(x)) return false;
  const vectors = parameters.map((value) => values.padded(values.plain(value), 0));
  const [scale, bias, mean, variance] = vectors as [Value, Value, Value, Value];
  const known = knownStatistics(build, [scale, bias, mean, variance], node.attributes.epsilon ?? 1e-5);
  const { output, nodes, sum, activation } = tailOf(lowering, node.outputs[0]!);
  for (const each of nodes) absorbed.add(each);
  const added = sum && { sum: values.blocked(sum) };
  values.setBlocked(output, affine(build, values.blocked(x), { ...known, ...added }, activation));
  return true;
}

function batchNormalizationGradient(
  { build, values, centred, isRead }: Lowering,
  node: Node<'BatchNormalizationGradient'>,
): boolean {
  const [dy, x, scale, , r] = node.inputs as readonly [Value, Value, Value, Value, Value];
  const pictures = centred.get(x);
  if (pictures === undefined) return false;
  const [images, channels, height, width] = sizesOf(x) as [number, number, number, number];
  const [slope, inverse] = [scale, r].map((vector) => values.padded(values.plain(vector), 0)) as [Value, Value];
  const operands = [values.blocked(dy), pictures, slope, inverse] as const;
  const { dx, dscale, dbias } = normalisationGradient(build, operands, images * height * width);
  if (isRead(node.outputs[0]!)) values.setBlocked(node.outputs[0]!, dx());
  [dscale, dbias].forEach((vector, index) => {
    values.setPlain(node.outputs[index + 1]!, build.slice(vector, [0], [0], [channels], [1]));
  });
  return true;
}
