import { InferenceSession } from 'onnxruntime-node';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Graph } from '../../src/graph/graph.ts';
import { floats, int64s } from '../../src/graph/tensor.ts';
import { encodeModel } from '../../src/proto/encode.ts';
import { readModelMessage } from '../../src/proto/messages.ts';
import { encodeQuantized, type QuantizeOptions } from '../../src/quantize/encode.ts';
import { foldConstants } from '../../src/quantize/fold.ts';
import { integerLayers, integerValues } from '../../src/quantize/layers.ts';
import { layerNoise } from '../../src/quantize/noise.ts';
import { observe, rangesOf } from '../../src/quantize/observe.ts';
import { createSession, evaluate, type Named } from '../../src/runtime/session.ts';
import { expectClose } from '../../src/testing/closeness.ts';
import { batches, convolutional, noise } from './nets.ts';

/** Folded, observed and quantized with percentile 100. */
async function quantized(graph: Graph, feeds: readonly Named[], options: QuantizeOptions = {}) {
  const folded = foldConstants(graph);
  const layers = integerLayers(folded);
  const observed = await observe(folded, [...integerValues(folded, layers).keys()], feeds);
  const ranges = rangesOf(observed, { method: 'percentile', percent: 100 });
  return { folded, layers, ranges, bytes: encodeQuantized(folded, layers, ranges, options) };
}

async function run(bytes: Uint8Array, feeds: Named) {
  const session = await createSession(bytes);
  try {
    return await session.run(feeds);
  } finally {
    await session.release();
  }
}

/** Root mean square of the error over that of the values. */
function relativeError(found: ArrayLike<number | bigint>, expected: ArrayLike<number | bigint>): number {
  const rms = (values: number[]) => Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / values.length);
  const wanted = Array.from(expected, Number);
  return rms(wanted.map((x, i) => Number(found[i]) - x)) / rms(wanted);
}

/** The operators that the runtime has after its rewriting. */
async function runtimeOperators(bytes: Uint8Array): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'busana-quantized-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'optimized.onnx');
  const session = await InferenceSession.create(bytes, { optimizedModelFilePath: file, logSeverityLevel: 4 });
  await session.release();
  return (readModelMessage(await readFile(file)).graph?.node ?? []).map(({ opType = '' }) => opType);
}

const held: Named = batches(1, 16)[0]!;

describe('folding', () => {
  it('takes batch norms into the convolutions before them, and the answers stay', async () => {
    const graph = convolutional();
    const folded = foldConstants(graph);
    expect(folded.nodes.some(({ type }) => type === 'BatchNormalization')).toBe(false);
    const [before, after] = [await evaluate(graph, held), await evaluate(folded, held)];
    for (const name of ['answer', 'embedding']) expectClose(after[name]!, before[name]!, 1e-5);
  });

  it('keeps the names of weights, and leaves no numbers behind that nobody reads', () => {
    const names = foldConstants(convolutional()).constants.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['stem.weight', 'stem.beta', 'depthwise.weight', 'head.weight']));
    expect(names.filter((name) => /gamma|mean|variance/.test(name))).toEqual([]);
  });

  it('adds to a bias that is there, and leaves a norm alone whose convolution is read by others', async () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [1, 2, 3, 3]);
    const constant = (name: string, shape: number[]) => graph.constant(noise(name, shape), name);
    const conv = (name: string) =>
      graph.op('Conv', [x, constant(`${name}.weight`, [2, 2, 1, 1]), constant(`${name}.bias`, [2])], {
        kernel_shape: [1, 1],
      });
    const norm = (name: string, value: ReturnType<typeof conv>) =>
      graph.op('BatchNormalization', [
        value,
        ...['gamma', 'beta', 'mean'].map((hint) => constant(`${name}.${hint}`, [2])),
        graph.constant(floats([2], [0.7, 1.3]), `${name}.variance`),
      ]);
    graph.output(norm('a', conv('a')), 'folded');
    const shared = conv('b');
    graph.output(norm('b', shared), 'kept');
    graph.output(shared, 'raw');
    const result = foldConstants(graph);
    expect(result.nodes.filter(({ type }) => type === 'BatchNormalization')).toHaveLength(1);
    const feeds = { x: noise('x', [1, 2, 3, 3]) };
    const [before, after] = [await evaluate(graph, feeds), await evaluate(result, feeds)];
    for (const name of ['folded', 'kept', 'raw']) expectClose(after[name]!, before[name]!, 1e-5);
  });

  it('transposes constant matrices ahead', async () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [2, 3]);
    const w = graph.constant(noise('w', [4, 3]), 'w.weight');
    graph.output(graph.op('MatMul', [x, graph.op('Transpose', [w], { perm: [1, 0] })]), 'y');
    const folded = foldConstants(graph);
    expect(folded.nodes.map(({ type }) => type)).toEqual(['MatMul', 'Identity']);
    const feeds = { x: noise('x', [2, 3]) };
    expectClose((await evaluate(folded, feeds))['y']!, (await evaluate(graph, feeds))['y']!, 1e-6);
  });
});

describe('a quantized network', () => {
  it('answers nearly as before, at about a quarter of the size', async () => {
    const graph = convolutional({ channels: 256 });
    const { bytes } = await quantized(graph, batches(8));
    expect(bytes.length / encodeModel(graph).length).toBeLessThan(0.3);
    const [before, after] = [await evaluate(graph, held), await run(bytes, held)];
    expect(relativeError(after['embedding']!.data, before['embedding']!.data)).toBeLessThan(0.03);
    after['answer']!.data.forEach((value, index) => {
      expect(Math.abs(Number(value) - Number(before['answer']!.data[index]))).toBeLessThan(0.05);
    });
  });

  it('runs in integer kernels wherever it is meant to', async () => {
    const { bytes, layers } = await quantized(convolutional(), batches(4));
    expect(layers.map(({ name }) => name)).toEqual(['stem', 'expand', 'depthwise', 'project']);
    const operators = await runtimeOperators(bytes);
    const count = (type: string): number => operators.filter((operator) => operator === type).length;
    expect([count('QLinearConv'), count('QLinearAdd'), count('QuantizeLinear')]).toEqual([4, 1, 1]);
    expect(operators).not.toContain('Conv');
    expect(operators).not.toContain('Clip');
    expect(operators).toContain('Gemm');
  });

  it('gives the same numbers where the runtime has no integer kernels, but for single steps', async () => {
    const { bytes } = await quantized(convolutional(), batches(8));
    const session = await createSession(bytes, { optimization: 'none' });
    onTestFinished(() => session.release());
    const [plain, fused] = [await session.run(held), await run(bytes, held)];
    expect(relativeError(fused['embedding']!.data, plain['embedding']!.data)).toBeLessThan(0.005);
  });

  it('needs a scale per channel where channels differ', async () => {
    const graph = convolutional({ poison: (name, weights) => (name === 'expand' ? skewRows(weights, 16) : undefined) });
    const before = (await evaluate(graph, held))['embedding']!.data;
    const error = async (perChannel: boolean): Promise<number> => {
      const { bytes } = await quantized(graph, batches(4), { perChannel });
      return relativeError((await run(bytes, held))['embedding']!.data, before);
    };
    expect(await error(true)).toBeLessThan((await error(false)) / 2);
  });

  it('quantizes products with matrices in sequences, heads left out', async () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', ['N', 5, 32]);
    const layer = (name: string, value: typeof x, from: number, to: number): typeof x => {
      const weight = graph.constant(noise(name, [to, from], 0.2), `${name}.weight`);
      const product = graph.op('MatMul', [value, graph.op('Transpose', [weight], { perm: [1, 0] })]);
      return graph.op('Add', [product, graph.constant(noise(`${name} bias`, [to]), `${name}.bias`)]);
    };
    const hidden = graph.op('Gelu', [layer('first', x, 32, 64)], { approximate: 'none' });
    const mean = graph.op('ReduceMean', [layer('second', hidden, 64, 32), graph.constant(int64s([1]))], {
      keepdims: 0,
    });
    graph.output(layer('head', mean, 32, 3), 'y');
    const feeds = Array.from({ length: 4 }, (_, index) => ({ x: noise(`sequence ${index}`, [4, 5, 32]) }));
    const { bytes, layers } = await quantized(graph, feeds);
    expect(layers.map(({ name }) => name)).toEqual(['first', 'second']);
    expect((await runtimeOperators(bytes)).filter((type) => type === 'MatMulIntegerToFloat')).toHaveLength(2);
    const [y, expected] = [await run(bytes, feeds[0]!), await evaluate(graph, feeds[0])];
    expect(relativeError(y['y']!.data, expected['y']!.data)).toBeLessThan(0.03);
  });
});

describe('the noise of layers', () => {
  it('is worst for a layer whose weights have outliers, and leaving that one in float helps', async () => {
    const graph = convolutional({
      poison: (name, weights) => {
        // One enormous weight per filter leaves no steps to the others.
        if (name === 'project') for (let at = 0; at < weights.length; at += 32) weights[at] = 40;
      },
    });
    const { folded, layers, ranges } = await quantized(graph, batches(4));
    const noises = await layerNoise(folded, layers, ranges, batches(2));
    const [worst] = [...noises].sort((a, b) => a[1] - b[1]);
    expect(worst![0]).toBe('project');
    const before = (await evaluate(graph, held))['embedding']!.data;
    const error = async (chosen: typeof layers): Promise<number> =>
      relativeError((await run(encodeQuantized(folded, chosen, ranges), held))['embedding']!.data, before);
    const others = layers.filter(({ name }) => name !== 'project');
    expect(await error(others)).toBeLessThan((await error(layers)) / 2);
  });

  it('does not come back into a layer left in float through the runtime', async () => {
    // Between two quantized layers, where onnxruntime would quantize the weights itself, by one scale for all.
    const { folded, layers, ranges } = await quantized(convolutional(), batches(4));
    const others = layers.filter(({ name }) => name !== 'depthwise');
    const operators = await runtimeOperators(encodeQuantized(folded, others, ranges));
    expect(operators.filter((type) => type === 'QLinearConv')).toHaveLength(3);
    expect(operators.filter((type) => type.endsWith('Conv') && type !== 'QLinearConv')).toHaveLength(1);
  });

  it('is that of rounding: about 50 dB for well-spread numbers', async () => {
    const { folded, layers, ranges } = await quantized(convolutional(), batches(4));
    for (const decibels of (await layerNoise(folded, layers, ranges, batches(2))).values()) {
      expect(decibels).toBeGreaterThan(25);
      expect(decibels).toBeLessThan(60);
    }
  });
});

/** Multiplies each row of that many weights by another power of 10. */
function skewRows(weights: Float32Array, length: number): void {
  weights.forEach((value, index) => (weights[index] = value * 10 ** ((Math.floor(index / length) % 5) - 2)));
}
