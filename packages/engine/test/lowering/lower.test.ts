import { expect, test } from 'vitest';
import { Graph } from '../../src/graph/graph.ts';
import { tensor, type Tensor } from '../../src/graph/tensor.ts';
import { lower } from '../../src/lowering/lower.ts';
import { evaluate } from '../../src/runtime/session.ts';
import { expectClose } from '../../src/testing/closeness.ts';

type FloatType = 'float32' | 'float64';

/** relu(bn(x)) and all the statistics. */
function normalised(type: FloatType, shape: readonly number[], epsilon = 1e-5): Graph {
  const graph = new Graph();
  const x = graph.input('x', type, shape);
  const [scale, bias] = [graph.input('scale', type, [shape[1]!]), graph.input('bias', type, [shape[1]!])];
  const [y, mean, variance, r] = graph.within('bn', () =>
    graph.emit('BatchNormalizationTraining', [x, scale, bias], 4, { epsilon }),
  );
  graph.output(y!);
  graph.output(graph.op('Relu', [y!]), 'activated');
  graph.output(mean!, 'mean');
  graph.output(variance!, 'variance');
  graph.output(r!, 'r');
  return graph;
}

function filled(type: FloatType, shape: readonly number[], value: (index: number) => number): Tensor {
  const result = tensor(type, shape);
  result.data.forEach((_, i) => (result.data[i] = value(i)));
  return result;
}

test('a graph with nothing to lower is returned as it is', () => {
  const graph = new Graph();
  graph.output(graph.op('Relu', [graph.input('x', 'float32', [2])]));
  expect(lower(graph)).toBe(graph);
});

test('inputs, outputs, names, types and shapes stay; our operator goes', () => {
  const graph = normalised('float32', [2, 3, 4]);
  const before = graph.nodes.length;
  const lowered = lower(graph);
  expect(lowered.inputs).toEqual(graph.inputs);
  expect(lowered.outputs).toEqual(graph.outputs);
  expect(lowered.nodes.map(({ type }) => type)).not.toContain('BatchNormalizationTraining');
  expect(graph.nodes).toHaveLength(before);
});

test('statistics and result by the definition', async () => {
  const shape = [2, 2, 3];
  const x = filled('float64', shape, (i) => Math.sin(i) * (i + 1));
  const graph = normalised('float64', shape, 0.5);
  const scale = filled('float64', [2], (i) => 2 - i);
  const bias = filled('float64', [2], (i) => i + 0.25);
  const results = await evaluate(graph, { x, scale, bias });
  for (const channel of [0, 1]) {
    const places = [...x.data.keys()].filter((i) => Math.floor(i / 3) % 2 === channel);
    const values = places.map((i) => Number(x.data[i]));
    const mean = values.reduce((a, b) => a + b) / 6;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 6;
    const r = 1 / Math.sqrt(variance + 0.5);
    expect(results.mean!.data[channel]).toBeCloseTo(mean, 12);
    expect(results.variance!.data[channel]).toBeCloseTo(variance, 12);
    expect(results.r!.data[channel]).toBeCloseTo(r, 12);
    const y = results[graph.outputs[0]!.name]!;
    places.forEach((i, at) => {
      expect(y.data[i]).toBeCloseTo((values[at]! - mean) * r * (2 - channel) + channel + 0.25, 12);
    });
  }
});

test('the variance keeps its digits when the mean is large', async () => {
  const shape = [4, 1, 8, 8];
  const spread = (i: number): number => Math.sin(i * 12.9898);
  const at = (offset: number) => filled('float32', shape, (i) => Math.fround(spread(i) * 4096) / 4096 + offset);
  const one = filled('float32', [1], () => 1);
  const run = async (offset: number): Promise<Record<string, Tensor>> =>
    evaluate(normalised('float32', shape), { x: at(offset), scale: one, bias: one });
  const [near, far] = [await run(0), await run(1000)];
  // At 1000 float32 has steps of 6e-5: inputs agree to 3e-5, and the statistics must not be worse.
  expectClose(far.variance!, near.variance!, 1e-4, 'variance');
  expectClose(far.activated!, near.activated!, 2e-4, 'activated');
});

test('outputs that nobody asked for are not needed', async () => {
  const graph = new Graph();
  const x = graph.input('x', 'float32', [2, 1]);
  const one = graph.scalar(1);
  const scale = graph.op('Reshape', [one, graph.integers([1])]);
  const [y] = graph.emit('BatchNormalizationTraining', [x, scale, scale], 1, { epsilon: 0 });
  graph.output(y!, 'y');
  const { y: result } = await evaluate(graph, { x: filled('float32', [2, 1], (i) => i * 4) });
  expect(result!.data).toEqual(Float32Array.of(0, 2));
});
