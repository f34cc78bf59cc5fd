import { describe, expect, test } from 'vitest';
import type { Graph } from '../../src/graph/graph.ts';
import { tensor, type Tensor } from '../../src/graph/tensor.ts';
import type { Value } from '../../src/graph/value.ts';
import { Random } from '../../src/random.ts';
import { checkGradient } from '../../src/testing/gradient-check.ts';

type FloatType = 'float32' | 'float64';

/**
 * f with a gradient that is `factor` times the right one: factor (f - z) + z, where z has the value of f and, thanks
 * to Floor, no gradient.
 */
function withGradientTimes(factor: number, f: (graph: Graph, x: Value) => Value, type: FloatType) {
  return (graph: Graph, { x }: Readonly<Record<string, Value>>): Value => {
    const value = f(graph, x!);
    const still = withoutGradient(graph, value);
    const moving = graph.op('Mul', [graph.op('Sub', [value, still]), graph.scalar(factor, type)]);
    return graph.op('Add', [moving, still]);
  };
}

/** The value on a grid of 2^-40: as good as the value itself, and no gradient passes Floor. */
function withoutGradient(graph: Graph, value: Value): Value {
  const type = value.type as FloatType;
  const [up, down] = [graph.scalar(2 ** 40, type), graph.scalar(2 ** -40, type)];
  return graph.op('Mul', [graph.op('Floor', [graph.op('Mul', [value, up])]), down]);
}

function point(type: FloatType, shape: readonly number[], seed: number): Tensor {
  const random = Random.of('point', seed);
  const result = tensor(type, shape);
  result.data.forEach((_, i) => (result.data[i] = random.uniform(0.5, 1.5)));
  return result;
}

const functions = {
  exp: (graph: Graph, x: Value) => graph.op('Exp', [x]),
  matmul: (graph: Graph, x: Value) => graph.op('MatMul', [x, x]),
  softmax: (graph: Graph, x: Value) => graph.op('Softmax', [x], {}),
};

describe.each(Object.entries(functions))('%s', (_, f) => {
  describe.each(['float64', 'float32'] as const)('in %s', (type) => {
    test.each([1, 2, 3])('accepts the right gradient (seed %i)', async (seed) => {
      await checkGradient({ inputs: { x: point(type, [3, 3], seed) }, build: withGradientTimes(1, f, type), seed });
    });

    test.each([1, 2, 3])('rejects one that is 0.1 %% too large (seed %i)', async (seed) => {
      const inputs = { x: point(type, [3, 3], seed) };
      const check = checkGradient({ inputs, build: withGradientTimes(1.001, f, type), seed });
      await expect(check).rejects.toThrow('the gradient is wrong');
    });

    test.each([1, 2, 3])('rejects one that is 0.1 %% too small (seed %i)', async (seed) => {
      const inputs = { x: point(type, [3, 3], seed) };
      const check = checkGradient({ inputs, build: withGradientTimes(0.999, f, type), seed });
      await expect(check).rejects.toThrow('the gradient is wrong');
    });
  });
});

test('rejects a gradient that is missing altogether', async () => {
  const build = (graph: Graph, { x }: Readonly<Record<string, Value>>): Value =>
    graph.op('Add', [withoutGradient(graph, x!), graph.op('Mul', [x!, graph.scalar(0, 'float64')])]);
  await expect(checkGradient({ inputs: { x: point('float64', [4], 1) }, build })).rejects.toThrow('wrong');
});

test('says what was checked, where, and both numbers', async () => {
  const build = withGradientTimes(2, (graph, x) => graph.op('LeakyRelu', [x], { alpha: 0.25 }), 'float32');
  const check = checkGradient({ inputs: { x: point('float32', [2, 5], 1) }, build, seed: 42 });
  await expect(check).rejects.toThrow(/seed 42, direction 0[^]*LeakyRelu\(float32 \[2, 5\]\) \{"alpha":0.25\}/);
  await expect(check).rejects.toThrow(/by its rule -?[\d.]+, by differences -?[\d.]+: off by/);
});
