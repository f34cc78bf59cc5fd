/** @file Where a function has no derivative, or several answers would do: the answers are PyTorch's unless said. */
import { describe, expect, test } from 'vitest';
import { gradients } from '../../src/autodiff/gradients.ts';
import { Graph } from '../../src/graph/graph.ts';
import { floats, tensor, type Tensor } from '../../src/graph/tensor.ts';
import type { Value } from '../../src/graph/value.ts';
import { evaluate } from '../../src/runtime/session.ts';

type Inputs = Readonly<Record<string, Tensor>>;

/** The gradients of the sum of f by the name of the input. */
async function derive(inputs: Inputs, f: (graph: Graph, values: readonly Value[]) => Value) {
  const graph = new Graph();
  const values = Object.entries(inputs).map(([name, { type, shape }]) => graph.input(name, type, shape));
  const y = f(graph, values);
  const seed = graph.input('seed', y.type, y.shape);
  const found = gradients(graph, y, values, seed);
  for (const [value, gradient] of found) graph.output(gradient, `d${value.name}`);
  const ones = tensor('float32', y.shape as number[]);
  ones.data.fill(1);
  const results = await evaluate(graph, { ...inputs, seed: ones });
  return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, Array.from(data, Number)]));
}

const vector = (...values: number[]): Tensor => floats([values.length], values);

describe('kinks', () => {
  const at0 = { x: vector(-1, 0, 1) };

  test.each([
    ['Relu', [0, 0, 1]],
    ['Abs', [-1, 0, 1]],
  ] as const)('%s at 0', async (operator, dx) => {
    expect(await derive(at0, (graph, [x]) => graph.op(operator, [x]))).toEqual({ dx });
  });

  test('LeakyRelu takes the slope of the negative side', async () => {
    expect(await derive(at0, (graph, [x]) => graph.op('LeakyRelu', [x], { alpha: 0.25 }))).toEqual({
      dx: [0.25, 0.25, 1],
    });
  });

  test('Clip is flat on its bounds, as ReLU6 is in PyTorch', async () => {
    const dx = await derive({ x: vector(-1, 0, 3, 6, 7) }, (graph, [x]) =>
      graph.op('Clip', [x, graph.scalar(0), graph.scalar(6)]),
    );
    expect(dx).toEqual({ dx: [0, 0, 1, 0, 0] });
  });
});

describe('ties', () => {
  test.each(['Max', 'Min'] as const)('%s shares evenly', async (operator) => {
    const inputs = { a: vector(1, 2), b: vector(1, 2), c: vector(1, operator === 'Max' ? 0 : 9) };
    const found = await derive(inputs, (graph, values) => graph.op(operator, values));
    expect(found.da![0]).toBeCloseTo(1 / 3, 6);
    expect([found.da![1], found.db![1], found.dc![1]]).toEqual([0.5, 0.5, 0]);
  });

  test('Max with the same value twice', async () => {
    expect(await derive({ x: vector(3, -4) }, (graph, [x]) => graph.op('Max', [x, x]))).toEqual({ dx: [1, 1] });
  });

  test('ReduceMax shares evenly', async () => {
    const found = await derive({ x: vector(5, 1, 5, 5, 5) }, (graph, [x]) => graph.op('ReduceMax', [x, undefined]));
    expect(found).toEqual({ dx: [0.25, 0, 0.25, 0.25, 0.25] });
  });

  test('MaxPool gives all to the first maximum of a window', async () => {
    const found = await derive({ x: floats([1, 1, 2, 4], [7, 7, 1, 2, 7, 7, 2, 2]) }, (graph, [x]) =>
      graph.op('MaxPool', [x], { kernel_shape: [2, 2], strides: [2, 2] }),
    );
    expect(found).toEqual({ dx: [1, 0, 0, 1, 0, 0, 0, 0] });
  });
});

describe('Pow at 0', () => {
  test('0 to the power of 0 is flat in the base', async () => {
    const found = await derive({ x: vector(0, 0, 0), p: vector(0, 1, 2) }, (graph, [x, p]) => graph.op('Pow', [x, p]));
    expect(found.dx).toEqual([0, 1, 0]);
  });

  test('0 to a positive power is flat in the exponent', async () => {
    const found = await derive({ x: vector(0, 0), p: vector(1, 2.5) }, (graph, [x, p]) => graph.op('Pow', [x, p]));
    expect(found.dp).toEqual([0, 0]);
  });

  test('an integer exponent takes no gradient', async () => {
    const exponent = tensor('int64', [2], BigInt64Array.of(2n, 3n));
    const found = await derive({ x: vector(3, 2), p: exponent }, (graph, [x, p]) => graph.op('Pow', [x, p]));
    expect(found).toEqual({ dx: [6, 12] });
  });
});
