import type { AnyNode, Node, Value } from '../../graph/value.ts';
import { sizesOf } from '../../rules/build.ts';
import type { Lowering } from '../lowering.ts';
import { silu } from '../plain/silu.ts';
import {
  batchStatistics,
  knownStatistics,
  normalisationGradient,
  ofCentred,
  type PerChannel,
} from './batch-normalization.ts';
import { blockedConvolution, fitOfConvolution } from './convolution.ts';
import { blockedConcat, blockedElementwise, blockedPooling, blockedSplit } from './elementwise.ts';
import { blockedInputGradient } from './input-gradient.ts';
import { affine, type Activation } from './per-channel.ts';
import { reluMask } from './relu-mask.ts';
import { siluSlope } from './silu-slope.ts';
import { timesGradient } from './times-gradient.ts';
import { blockedWeightGradient } from './weight-gradient.ts';

/** A node in the runtime's blocked layout. @returns whether it has a form there */
export function lowerInBlocks(lowering: Lowering, node: AnyNode): boolean {
  const { build, values } = lowering;
  if (values.block === undefined) return false;
  const output = node.outputs[0]!;
  const fit = fitOfConvolution(node, values.block);
  if (node.type === 'Conv' && fit !== undefined) {
    const { result, shift } = blockedConvolution(build, values, node, fit, isOnlyNormalised(lowering, output));
    values.setBlocked(output, result);
    if (shift !== undefined) lowering.shifts.set(output, shift);
    return true;
  }
  if (node.type === 'BatchNormalizationTraining') return batchNormalization(lowering, node);
  if (node.type === 'BatchNormalization') return evaluatedNormalization(lowering, node);
  if (node.type === 'BatchNormalizationGradient') return batchNormalizationGradient(lowering, node);
  if (node.type === 'Silu') {
    const x = node.inputs[0]!;
    return set(
      (copy) => values.setBlocked(output, copy),
      values.isBlocked(x) ? silu(build, values.blocked(x)) : undefined,
    );
  }
  if (node.type === 'SiluGradient') {
    const [dy, x, y] = node.inputs as readonly [Value, Value, Value];
    if (!values.isBlocked(y)) return false;
    values.setBlocked(output, timesGradient(lowering, dy, siluSlope(build, values.blocked(x), values.blocked(y))));
    return true;
  }
  if (node.type === 'ReluGradient') {
    const [dy, y] = node.inputs as readonly [Value, Value];
    if (!values.isBlocked(y)) return false;
    const mask = reluMask(build, values.blocked(y), node.attributes.upper);
    values.setBlocked(output, timesGradient(lowering, dy, mask));
    return true;
  }
  if (node.type === 'ConvWeightGradient') {
    return set((copy) => values.setPlain(output, copy), blockedWeightGradient(build, values, node, lowering.forms));
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

/** Whether normalisations over the batch, and their gradients, are all that reads a value. */
function isOnlyNormalised({ isOutput, readers }: Lowering, value: Value): boolean {
  const isNormalisation = ({ type, inputs: [first, second] }: AnyNode): boolean =>
    (type === 'BatchNormalizationTraining' && first === value) ||
    (type === 'BatchNormalizationGradient' && second === value && first !== value);
  return !isOutput(value) && readers(value).length > 0 && readers(value).every(isNormalisation);
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

/** Scale and shift of x, in blocks, stand for y together with what follows it. */
function setNormalised(lowering: Lowering, y: Value, x: Value, normalisation: PerChannel): void {
  const { build, values, absorbed } = lowering;
  const { output, nodes, sum, activation } = tailOf(lowering, y);
  for (const node of nodes) absorbed.add(node);
  const added = sum && { sum: values.blocked(sum) };
  values.setBlocked(output, affine(build, x, { ...normalisation, ...added }, activation));
}

function batchNormalization(lowering: Lowering, node: Node<'BatchNormalizationTraining'>): boolean {
  const { build, values } = lowering;
  const [x, ...parameters] = node.inputs as readonly [Value, Value, Value];
  if (!values.isBlocked(x)) return false;
  const { epsilon } = node.attributes;
  const { centred, mean, variance, r } = batchStatistics(build, values.blocked(x), epsilon, lowering.shifts.get(x));
  lowering.centred.set(x, centred);
  const [scale, shift] = paddedVectors(lowering, parameters) as [Value, Value];
  const normalisation = ofCentred(build, centred, build.mul(scale, r), shift);
  setNormalised(lowering, node.outputs[0]!, centred.values, normalisation);
  setVectors(lowering, node.outputs.slice(1), [mean, variance, r]);
  return true;
}

/** Of a network that evaluates; padding makes the variance of an empty channel 0, and its result finite. */
function evaluatedNormalization(lowering: Lowering, node: Node<'BatchNormalization'>): boolean {
  const { build, values } = lowering;
  const [x, ...parameters] = node.inputs as readonly [Value, ...Value[]];
  if (!values.isBlocked(x)) return false;
  const vectors = paddedVectors(lowering, parameters) as [Value, Value, Value, Value];
  const known = knownStatistics(build, vectors, node.attributes.epsilon ?? 1e-5);
  setNormalised(lowering, node.outputs[0]!, values.blocked(x), known);
  return true;
}

function batchNormalizationGradient(lowering: Lowering, node: Node<'BatchNormalizationGradient'>): boolean {
  const { build, values, isRead } = lowering;
  const [dy, x, scale, , r] = node.inputs as readonly [Value, Value, Value, Value, Value];
  const centred = lowering.centred.get(x);
  if (centred === undefined) return false;
  const [images, , height, width] = sizesOf(x) as [number, number, number, number];
  const [slope, inverse] = paddedVectors(lowering, [scale, r]) as [Value, Value];
  const operands = [values.blocked(dy), slope, inverse] as const;
  const { dx, dscale, dbias } = normalisationGradient(build, operands, centred, images * height * width);
  if (isRead(node.outputs[0]!)) values.setScaled(node.outputs[0]!, dx());
  setVectors(lowering, node.outputs.slice(1), [dscale, dbias]);
  return true;
}

/** [C] each -> [C'] */
function paddedVectors({ values }: Lowering, vectors: readonly Value[]): readonly Value[] {
  return vectors.map((vector) => values.padded(values.plain(vector), 0));
}

/** What [C'] vectors say of the channels there are stands for values [C]. */
function setVectors({ build, values }: Lowering, outputs: readonly Value[], vectors: readonly Value[]): void {
  outputs.forEach((output, index) => {
    values.setPlain(output, build.slice(vectors[index]!, [0], [0], [sizesOf(output)[0]!], [1]));
  });
}
