import { describe, expect, test } from 'vitest';
import { gradients } from '../../src/autodiff/gradients.ts';
import { Graph } from '../../src/graph/graph.ts';
import { floats, int64s } from '../../src/graph/tensor.ts';
import type { Value } from '../../src/graph/value.ts';
import { evaluate, type Named } from '../../src/runtime/session.ts';

/** The numbers of the gradients of a loss built from inputs x [2] and y [2]. */
async function derive(
  build: (graph: Graph, x: Value, y: Value) => Value,
  feeds?: Named,
): Promise<Record<string, number[]>> {
  const graph = new Graph();
  const [x, y] = [graph.input('x', 'float32', [2]), graph.input('y', 'float32', [2])];
  const loss = build(graph, x, y);
  graph.output(loss, 'loss');
  for (const [value, gradient] of gradients(graph, loss, [x, y])) graph.output(gradient, `d${value.name}`);
  const results = await evaluate(graph, { x: floats([2], [2, 3]), y: floats([2], [5, 7]), ...feeds });
  return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, Array.from(data, Number)]));
}

function total(graph: Graph, value: Value): Value {
  return graph.op('ReduceSum', [value, undefined], { keepdims: 0 });
}

describe('the walk', () => {
  test('a value used twice by one node', async () => {
    expect(await derive((graph, x) => total(graph, graph.op('Mul', [x, x])))).toEqual({ loss: [13], dx: [4, 6] });
  });

  test('a value used by three nodes', async () => {
    const { dx } = await derive((graph, x) => {
      const [a, b, c] = [graph.op('Neg', [x]), graph.op('Mul', [x, x]), graph.op('Identity', [x])];
      return total(graph, graph.op('Add', [graph.op('Add', [a, b]), c]));
    });
    expect(dx).toEqual([4, 6]);
  });

  test('a diamond: h = x y, loss = sum h^2 + 3 h', async () => {
    const { dx, dy } = await derive((graph, x, y) => {
      const h = graph.op('Mul', [x, y]);
      return total(graph, graph.op('Add', [graph.op('Mul', [h, h]), graph.op('Mul', [h, graph.scalar(3)])]));
    });
    expect(dx).toEqual([5 * 23, 7 * 45]);
    expect(dy).toEqual([2 * 23, 3 * 45]);
  });

  test('an output of Split that nothing uses counts as zero', async () => {
    const { dx } = await derive((graph, x) => {
      const [first] = graph.emit('Split', [x, graph.integers([1, 1])], 2, {});
      return total(graph, graph.op('Mul', [first!, first!]));
    });
    expect(dx).toEqual([4, 0]);
  });

  test('a parameter that the loss does not depend on is absent', async () => {
    expect(await derive((graph, x) => total(graph, x))).toEqual({ loss: [5], dx: [1, 1] });
  });

  test('a parameter behind an operator without a gradient is absent', async () => {
    const found = await derive((graph, x, y) => total(graph, graph.op('Mul', [graph.op('Sign', [x]), y])));
    expect(found).toEqual({ loss: [12], dy: [1, 1] });
  });

  test('the loss itself may be asked for, and a value in between', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [2]);
    const h = graph.op('Exp', [x]);
    const loss = total(graph, h);
    const found = gradients(graph, loss, [loss, h]);
    expect(found.get(loss)?.constant?.data).toEqual(Float32Array.of(1));
    expect(found.get(h)?.shape).toEqual([2]);
  });

  test('a seed stands in for the gradient of the loss', async () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [2]);
    const loss = graph.op('Mul', [x, x]);
    const seed = graph.constant(floats([2], [10, 100]));
    graph.output(gradients(graph, loss, [x], seed).get(x)!, 'dx');
    expect((await evaluate(graph, { x: floats([2], [2, 3]) })).dx?.data).toEqual(Float32Array.of(40, 600));
  });

  test('an integer on the way ends it', async () => {
    const { dy, dx } = await derive((graph, x, y) => {
      const whole = graph.op('Cast', [x], { to: 'int64' });
      return total(graph, graph.op('Mul', [graph.op('Cast', [whole], { to: 'float32' }), y]));
    });
    expect(dy).toEqual([2, 3]);
    expect(dx).toBeUndefined();
  });
});

describe('pruning', () => {
  /** Operators of the nodes that the backward pass of x w adds when these gradients are asked for. */
  function added(...names: string[]): string[] {
    const graph = new Graph();
    const [x, w] = [graph.input('x', 'float32', [4, 3]), graph.input('w', 'float32', [3, 2])];
    const loss = total(graph, graph.op('MatMul', [x, w]));
    const before = graph.nodes.length;
    gradients(
      graph,
      loss,
      [x, w].filter(({ name }) => names.includes(name)),
    );
    return graph.nodes.slice(before).map(({ type }) => type);
  }

  test('only what is asked for is built', () => {
    expect(added('x').filter((type) => type === 'Gemm')).toHaveLength(1);
    expect(added('w').filter((type) => type === 'Gemm')).toHaveLength(1);
    expect(added('x', 'w').filter((type) => type === 'Gemm')).toHaveLength(2);
    expect(added()).toEqual([]);
  });

  test('the frozen beginning of a network costs nothing', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [4, 3]);
    const w = graph.input('w', 'float32', [3, 3]);
    const frozen = graph.within('frozen', () => graph.op('Exp', [graph.op('Sigmoid', [x])]));
    gradients(graph, total(graph, graph.op('MatMul', [frozen, w])), [w]);
    expect(graph.nodes.filter(({ name }) => name.startsWith('frozen/')).map(({ type }) => type)).toEqual([
      'Sigmoid',
      'Exp',
    ]);
  });
});

test('names are deterministic and tell the node they belong to', () => {
  const names = [0, 1].map(() => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [2]);
    const loss = total(
      graph,
      graph.within('layer', () => graph.op('Tanh', [x])),
    );
    gradients(graph, loss, [x]);
    return graph.nodes.map(({ name }) => name);
  });
  expect(names[0]).toEqual(names[1]);
  expect(names[0]!.slice(2)).toContain('layer/Tanh_0/gradient/Mul_0');
});

describe('refusals', () => {
  test('a refused operator is named with its node and the reason', () => {
    const graph = new Graph();
    const values = graph.input('values', 'float32', [2]);
    const hot = graph.within('head', () =>
      graph.op('OneHot', [graph.constant(int64s([0, 1])), graph.constant(int64s([3])), values]),
    );
    const attempt = (): unknown => gradients(graph, total(graph, hot), [values]);
    expect(attempt).toThrow(/no gradient through OneHot 'head\/OneHot_0': .*Where/);
    expect(attempt).toThrow(expect.objectContaining({ code: 'NO_GRADIENT' }));
  });

  test('a refused operator beside the path is no obstacle', () => {
    const graph = new Graph();
    const [values, x] = [graph.input('values', 'float32', [2]), graph.input('x', 'float32', [2, 3])];
    const hot = graph.op('OneHot', [graph.constant(int64s([0, 1])), graph.constant(int64s([3])), values]);
    expect(gradients(graph, total(graph, graph.op('Mul', [hot, x])), [x]).has(x)).toBe(true);
  });

  test('a size known only at run time is named with its node', () => {
    const graph = new Graph();
    const [x, w] = [graph.input('x', 'float32', ['N', 3]), graph.input('w', 'float32', [3, 2])];
    const attempt = (): unknown => gradients(graph, total(graph, graph.op('MatMul', [x, w])), [w]);
    expect(attempt).toThrow(/no gradient through ReduceSum 'ReduceSum_0': .*'MatMul_0:out' has the shape \[N, 2\]/);
    expect(attempt).toThrow(expect.objectContaining({ code: 'NO_GRADIENT' }));
  });

  test('a gradient through the statistics of a normalisation', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [2, 3]);
    const ones = graph.constant(floats([3], [1, 1, 1]));
    const [, mean] = graph.emit('BatchNormalizationTraining', [x, ones, ones], 4, { epsilon: 1e-5 });
    expect(() => gradients(graph, total(graph, mean!), [x])).toThrow(/only its first output carries a gradient/);
  });

  test('a loss that is no scalar needs a seed, of its type and shape', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [2]);
    const loss = graph.op('Exp', [x]);
    expect(() => gradients(graph, loss, [x])).toThrow(/shape \[2\]: give a seed/);
    expect(() => gradients(graph, loss, [x], graph.scalar(1))).toThrow(/must be float32 \[2\], not float32 \[\]/);
  });
});
