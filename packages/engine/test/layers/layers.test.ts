import {
  avgPool2d,
  batchNorm1d,
  batchNorm2d,
  conv2d,
  dropout,
  evaluate,
  floats,
  gelu,
  Graph,
  initialise,
  linear,
  maxPool2d,
  multiHeadAttention,
  Network,
  normaliseImages,
  Random,
  relu,
  relu6,
  samePadding,
  silu,
  tensor,
  type Tensor,
  type Value,
} from '@busana/engine';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

/** Runs one layer on its own; parameters start where the seed puts them, unless given. */
async function outputOf(
  x: Tensor,
  layer: (network: Network, x: Value) => Value,
  given: Record<string, Tensor> = {},
): Promise<{ shape: readonly number[]; data: number[] }> {
  const graph = new Graph();
  const network = new Network(graph, { training: false });
  graph.output(layer(network, graph.input('x', x.type, x.shape)), 'y');
  const { y } = await evaluate(graph, { ...Object.fromEntries(initialise(network.specs, 0)), ...given, x });
  return { shape: y!.shape, data: [...y!.data].map(Number) };
}

const counting = (shape: number[]): Tensor => {
  const size = shape.reduce((product, each) => product * each, 1);
  return floats(
    shape,
    Array.from({ length: size }, (_, i) => i + 1),
  );
};

describe('activations', () => {
  it('have the values of their definitions', async () => {
    const x = floats([5], [-2, -0.5, 0, 1, 7]);
    const at = async (layer: (network: Network, x: Value) => Value): Promise<number[]> =>
      (await outputOf(x, layer)).data;
    expect(await at(relu)).toEqual([0, 0, 0, 1, 7]);
    expect(await at(relu6)).toEqual([0, 0, 0, 1, 6]);
    const sigmoid = (v: number): number => 1 / (1 + Math.exp(-v));
    (await at(silu)).forEach((y, i) => expect(y).toBeCloseTo(Number(x.data[i]) * sigmoid(Number(x.data[i])), 6));
    // x times the normal distribution function: at -2, -0.5, 0, 1, 7.
    const expected = [-0.04550026, -0.15426877, 0, 0.84134475, 7];
    (await at(gelu)).forEach((y, i) => expect(y).toBeCloseTo(expected[i]!, 6));
  });
});

describe('convolution', () => {
  it('pads each side by itself', async () => {
    const ones = floats([1, 1, 2, 2], [1, 1, 1, 1]);
    const options = { outChannels: 1, kernel: 2, padding: [1, 0, 0, 2], bias: false } as const;
    // x = [1 2; 3 4], a row of zeros above, two columns of zeros on the right.
    const y = await outputOf(counting([1, 1, 2, 2]), (network, x) => conv2d(network, 'c', x, options), {
      'c.weight': ones,
    });
    expect(y).toEqual({ shape: [1, 1, 2, 3], data: [3, 2, 0, 10, 6, 0] });
  });

  it('refuses groups that do not divide the channels, and maps that are none', () => {
    const network = new Network(new Graph(), { training: true });
    const x = network.graph.input('x', 'float32', [1, 6, 4, 4]);
    const flat = network.graph.input('flat', 'float32', [1, 6]);
    const options = { outChannels: 8, kernel: 1 };
    expect(() => conv2d(network, 'a', x, { ...options, groups: 4 })).toThrow('4 groups do not divide 6 -> 8');
    expect(() => conv2d(network, 'b', flat, options)).toThrow('must have 4 dimensions');
  });

  it('SAME padding gives ceil(size / stride), the odd pixel after', () => {
    expect(samePadding(224, 3, 2)).toEqual([0, 1]);
    expect(samePadding(7, 3, 1)).toEqual([1, 1]);
    const positive = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max });
    fc.assert(
      fc.property(positive(64), positive(7), positive(4), (size, kernel, stride) => {
        const [before, after] = samePadding(size, kernel, stride);
        const outputs = Math.floor((size + before + after - kernel) / stride) + 1;
        return outputs === Math.ceil(size / stride) && after - before >= 0 && after - before <= 1;
      }),
    );
  });
});

describe('pooling', () => {
  it('takes the maximum of what is there and the average with the border', async () => {
    const options = { kernel: 2, stride: 2, padding: 1 };
    const x = floats([1, 1, 2, 2], [-1, -2, -3, -4]);
    expect((await outputOf(x, (network, v) => maxPool2d(network, v, options))).data).toEqual([-1, -2, -3, -4]);
    expect((await outputOf(x, (network, v) => avgPool2d(network, v, options))).data).toEqual([-0.25, -0.5, -0.75, -1]);
    const whole = await outputOf(counting([1, 1, 4, 4]), (network, v) => avgPool2d(network, v, { kernel: 2 }));
    expect(whole).toEqual({ shape: [1, 1, 2, 2], data: [3.5, 5.5, 11.5, 13.5] });
  });
});

describe('normaliseImages', () => {
  it('turns rows of pixels into planes, scaled, centred and divided', async () => {
    const pixels = tensor('uint8', [1, 1, 2, 3], Uint8Array.of(0, 51, 102, 153, 204, 255));
    const plain = { scale: 1 / 255, mean: [0, 0, 0], deviation: [1, 1, 1] } as const;
    const { shape, data } = await outputOf(pixels, (network, x) => normaliseImages(network, x, plain));
    expect(shape).toEqual([1, 3, 1, 2]);
    [0, 0.6, 0.2, 0.8, 0.4, 1].forEach((value, i) => expect(data[i]).toBeCloseTo(value, 6));
    const centred = { scale: 1 / 255, mean: [0.5, 0, 0.4], deviation: [0.5, 1, 0.2] } as const;
    const { data: moved } = await outputOf(pixels, (network, x) => normaliseImages(network, x, centred));
    [-1, 0.2, 0.2, 0.8, 0, 3].forEach((value, i) => expect(moved[i]).toBeCloseTo(value, 6));
  });
});

describe('linear', () => {
  it('multiplies the last axis, whatever stands before it', async () => {
    const given = { 'l.weight': floats([2, 3], [1, 0, 0, 1, 1, 1]), 'l.bias': floats([2], [10, 20]) };
    const flat = await outputOf(counting([2, 3]), (network, x) => linear(network, 'l', x, 2), given);
    expect(flat).toEqual({ shape: [2, 2], data: [11, 26, 14, 35] });
    const deep = await outputOf(counting([1, 2, 3]), (network, x) => linear(network, 'l', x, 2), given);
    expect(deep).toEqual({ shape: [1, 2, 2], data: [11, 26, 14, 35] });
  });
});

describe('attention', () => {
  it('takes each symbolic batch, and refuses heads that do not divide the width', () => {
    const network = new Network(new Graph(), { training: false });
    const x = network.graph.input('x', 'float32', ['N', 5, 6]);
    expect(multiHeadAttention(network, 'a', x, { heads: 3 }).shape).toEqual(['N', 5, 6]);
    expect(() => multiHeadAttention(network, 'b', x, { heads: 4 })).toThrow('4 heads do not divide 6');
  });
});

describe('batch norm', () => {
  it('refuses inputs of another rank', () => {
    const network = new Network(new Graph(), { training: true });
    const x = network.graph.input('x', 'float32', [4, 3]);
    expect(() => batchNorm2d(network, 'a', x)).toThrow('must have 4 dimensions');
    expect(batchNorm1d(network, 'b', x).shape).toEqual([4, 3]);
    expect(() => batchNorm1d(network, 'c', network.graph.input('y', 'float32', ['N', 3]))).toThrow('known size');
  });
});

describe('dropout', () => {
  it('drops the share it is given and keeps the expectation', async () => {
    const graph = new Graph();
    const network = new Network(graph, { training: true });
    graph.output(dropout(network, 'drop', graph.input('x', 'float32', [5000]), 0.3), 'y');
    const { draw } = network.noises.get('drop.mask')!;
    const random = Random.of(1);
    const mask = floats(
      [5000],
      Array.from({ length: 5000 }, () => draw(random)),
    );
    const { y } = await evaluate(graph, { x: floats([5000], new Array<number>(5000).fill(2)), 'drop.mask': mask });
    const values = [...y!.data].map(Number);
    const dropped = values.filter((value) => value === 0).length;
    expect(Math.abs(dropped / 5000 - 0.3)).toBeLessThan(4 * Math.sqrt((0.3 * 0.7) / 5000));
    expect(values.filter((value) => value !== 0).every((value) => Math.abs(value - 2 / 0.7) < 1e-6)).toBe(true);
  });

  it('is nothing in evaluation and at probability 0, and refuses what is no probability', () => {
    const network = new Network(new Graph(), { training: true });
    const x = network.graph.input('x', 'float32', [4]);
    expect(dropout(network, 'a', x, 0)).toBe(x);
    expect(dropout(new Network(network.graph, { training: false }), 'b', x, 0.5)).toBe(x);
    for (const probability of [1, -0.1, NaN]) {
      expect(() => dropout(network, 'c', x, probability)).toThrow('not in [0, 1)');
    }
  });
});
