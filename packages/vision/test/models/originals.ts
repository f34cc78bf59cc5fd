/** @file What the fixtures of `tools/reference/zoo.py` hold, and the same computed here. */
import {
  compileForward,
  floats,
  gradients,
  Graph,
  Network,
  softmaxCrossEntropy,
  tensor,
  createSession,
  type ParameterSpec,
  type Tensor,
  type Value,
} from '@busana/engine';
import { readFile } from 'node:fs/promises';
import type { Attention } from '../../src/models/definition.ts';
import { originalHead } from '../../src/models/original-head.ts';
import { architectureNamed } from '../../src/models/registry.ts';
import { drawn, drawnImages, drawnParameters } from './drawn.ts';

interface Original {
  /** Versions of the libraries that the numbers come from. */
  readonly versions: Readonly<Record<string, string>>;
  readonly model: string;
  readonly imageSize: number;
  readonly gain: number;
}

export interface Evaluation extends Original {
  /** Of the original's state dict, in its order. */
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  readonly logits: readonly (readonly number[])[];
}

/** Norm, and product with a drawn direction of variance 1. */
type TwoNumbers = readonly [norm: number, product: number];

export interface Training extends Original {
  /** Whether channels are drawn apart from the corners of ReLU. */
  readonly apart: boolean;
  readonly classes: number;
  readonly batch: number;
  readonly loss: number;
  readonly gradients: Readonly<Record<string, TwoNumbers>>;
  /** Running statistics after the step. */
  readonly statistics: Readonly<Record<string, TwoNumbers>>;
}

export async function fixture<T>(name: string): Promise<T> {
  const file = new URL(`../fixtures/models/${name}.json`, import.meta.url);
  return JSON.parse(await readFile(file, 'utf8')) as T;
}

/** Appends the architecture with its original classifier. */
export function withOriginalHead(
  network: Network,
  { model, imageSize }: Original,
  { batch, classes, attention = 'none' }: { batch: number | 'N'; classes: number; attention?: Attention },
): Value {
  const image = network.graph.input('image', 'float32', [batch, 3, imageSize, imageSize]);
  const architecture = architectureNamed(model);
  const embedding = architecture.backbone(network, image, { imageSize, stochasticDepth: 0, attention });
  return originalHead(network, embedding, architecture, classes);
}

export function specsOf(original: Original): readonly ParameterSpec[] {
  const network = new Network(new Graph(), { training: false });
  withOriginalHead(network, original, { batch: 'N', classes: 1000 });
  return network.specs;
}

/** Logits of the drawn pictures under the drawn parameters, evaluated as an exported file is. */
export async function evaluated(original: Evaluation): Promise<{ readonly actual: Tensor; readonly expected: Tensor }> {
  const { imageSize, gain, logits } = original;
  const forward = await compileForward({
    build: (network) => ({ logits: withOriginalHead(network, original, { batch: 'N', classes: 1000 }) }),
    parameters: drawnParameters(specsOf(original), { gain }),
  });
  const { logits: actual } = await forward.run({ image: drawnImages(logits.length, imageSize) });
  await forward.release();
  return { actual: actual!, expected: floats([logits.length, 1000], logits.flat()) };
}

export interface Trained {
  readonly loss: number;
  readonly gradients: ReadonlyMap<string, Tensor>;
  readonly statistics: ReadonlyMap<string, Tensor>;
}

/** Loss, gradients and next running statistics of the step that the fixture describes. */
export async function trained(original: Training, attention: Attention): Promise<Trained> {
  const { batch, classes, imageSize, gain, apart } = original;
  const graph = new Graph();
  const network = new Network(graph, { training: true });
  const logits = withOriginalHead(network, original, { batch, classes, attention });
  const target = graph.input('target', 'int64', [batch]);
  const loss = softmaxCrossEntropy(graph, logits, target);
  const names = network.specs.filter(({ trainable }) => trainable).map(({ name }) => name);
  const found = gradients(
    graph,
    loss,
    names.map((name) => network.parameters.get(name)!),
  );
  graph.output(loss, 'loss');
  for (const name of names) graph.output(found.get(network.parameters.get(name)!)!, `d.${name}`);
  for (const [name, { newest, kept, fresh }] of network.observations) {
    const old = graph.op('Mul', [network.parameters.get(name)!, graph.scalar(kept)]);
    graph.output(graph.op('Add', [old, graph.op('Mul', [newest, graph.scalar(fresh)])]), `next.${name}`);
  }
  const labels = BigInt64Array.from({ length: batch }, (_, index) => BigInt(index % classes));
  const session = await createSession(graph);
  const parameters = drawnParameters(network.specs, { gain, apart });
  const results = await session.run({
    ...Object.fromEntries(parameters),
    image: drawnImages(batch, imageSize),
    target: tensor('int64', [batch], labels),
  });
  await session.release();
  const named = (prefix: string, keys: Iterable<string>): Map<string, Tensor> =>
    new Map([...keys].map((key) => [key, results[`${prefix}.${key}`]!]));
  return {
    loss: Number(results['loss']!.data[0]),
    gradients: named('d', names),
    statistics: named('next', network.observations.keys()),
  };
}

/** As the fixtures hold a tensor: in two numbers. */
export function twoNumbers(name: string, { data }: Tensor): TwoNumbers {
  const direction = drawn(`direction ${name}`);
  let [squares, product] = [0, 0];
  for (let index = 0; index < data.length; index += 1) {
    const value = Number(data[index]);
    squares += value * value;
    product += value * direction(index);
  }
  return [Math.sqrt(squares), product * Math.sqrt(3)];
}
