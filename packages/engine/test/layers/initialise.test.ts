import {
  conv2d,
  Graph,
  initialise,
  kaimingUniform,
  layerNorm,
  linear,
  Network,
  normal,
  parameterCount,
  batchNorm2d,
  type ParameterSpec,
} from '@busana/engine';
import { describe, expect, it } from 'vitest';

function specsOf(build: (network: Network) => void): readonly ParameterSpec[] {
  const network = new Network(new Graph(), { training: true });
  build(network);
  return network.specs;
}

const specs = specsOf((network) => {
  const x = network.graph.input('x', 'float32', [2, 6, 8, 8]);
  const y = batchNorm2d(network, 'norm', conv2d(network, 'conv', x, { outChannels: 64, kernel: [3, 5], groups: 2 }));
  linear(network, 'fc', layerNorm(network, 'scale', network.graph.op('Flatten', [y], { axis: 1 })), 10);
});

function valuesOf(name: string): number[] {
  return [...initialise(specs, 1).get(name)!.data].map(Number);
}

describe('parameters', () => {
  it('have the names, shapes and roles of PyTorch modules', () => {
    const table = specs.map(({ name, shape, trainable, decay }) => [name, shape, trainable, decay]);
    expect(table).toEqual([
      ['conv.weight', [64, 3, 3, 5], true, true],
      ['conv.bias', [64], true, false],
      ['norm.weight', [64], true, false],
      ['norm.bias', [64], true, false],
      ['norm.running_mean', [64], false, false],
      ['norm.running_var', [64], false, false],
      ['scale.weight', [64 * 6 * 4], true, false],
      ['scale.bias', [64 * 6 * 4], true, false],
      ['fc.weight', [10, 64 * 6 * 4], true, true],
      ['fc.bias', [10], true, false],
    ]);
    expect(parameterCount(specs)).toBe(64 * 45 + 64 + 128 + 2 * 1536 + 10 * 1536 + 10);
  });

  it('start where PyTorch lets them start', () => {
    const bound = 1 / Math.sqrt(3 * 3 * 5);
    const weights = valuesOf('conv.weight');
    expect(Math.max(...weights.map(Math.abs))).toBeLessThan(bound);
    expect(Math.max(...weights.map(Math.abs))).toBeGreaterThan(0.99 * bound);
    // A uniform distribution on [-b, b] has mean 0 and variance b^2 / 3: 2880 draws, four standard errors.
    const mean = weights.reduce((sum, x) => sum + x, 0) / weights.length;
    const variance = weights.reduce((sum, x) => sum + x * x, 0) / weights.length;
    expect(Math.abs(mean)).toBeLessThan((4 * bound) / Math.sqrt(3 * weights.length));
    expect(Math.abs(variance / (bound ** 2 / 3) - 1)).toBeLessThan(4 * Math.sqrt(0.8 / weights.length));
    expect(Math.max(...valuesOf('conv.bias').map(Math.abs))).toBeLessThan(bound);
    expect(Math.max(...valuesOf('fc.bias').map(Math.abs))).toBeLessThan(1 / Math.sqrt(1536));
    const [zeros, ones] = [new Set(valuesOf('norm.running_mean')), new Set(valuesOf('norm.running_var'))];
    expect([zeros, ones]).toEqual([new Set([0]), new Set([1])]);
    expect(new Set(valuesOf('scale.weight'))).toEqual(new Set([1]));
  });

  it('have streams of their own: the same name and seed give the same numbers whatever else is there', () => {
    const alone = initialise(
      specs.filter(({ name }) => name === 'fc.weight'),
      1,
    );
    expect([...alone.get('fc.weight')!.data]).toEqual(valuesOf('fc.weight'));
    expect([...initialise(specs, 2).get('fc.weight')!.data]).not.toEqual(valuesOf('fc.weight'));
    const twins = initialise(
      ['a', 'b'].map((name) => ({ name, shape: [8], initializer: kaimingUniform(4), trainable: true, decay: false })),
      1,
    );
    expect([...twins.get('a')!.data]).not.toEqual([...twins.get('b')!.data]);
  });

  it('are normal deviates where that is asked for', () => {
    const spec = { name: 'token', shape: [4000], initializer: normal(0.02), trainable: true, decay: false };
    const values = [...initialise([spec], 1).get('token')!.data].map(Number);
    const deviation = Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / values.length);
    expect(Math.abs(deviation / 0.02 - 1)).toBeLessThan(4 / Math.sqrt(2 * 4000));
  });

  it('cannot be declared twice, and only declared ones can be updated', () => {
    const network = new Network(new Graph(), { training: true });
    const w = network.parameter('w', [2], normal(1));
    expect(() => network.parameter('w', [2], normal(1))).toThrow("'w' is taken");
    expect(() => network.observe('v', { newest: w, kept: 0.9, fresh: 0.1 })).toThrow("no parameter 'v'");
  });
});
