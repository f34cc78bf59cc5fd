import { describe, expect, it } from 'vitest';
import { Graph } from '../../src/graph/graph.ts';
import { tensor, type Tensor } from '../../src/graph/tensor.ts';
import type { Value } from '../../src/graph/value.ts';
import { lower } from '../../src/lowering/lower.ts';
import { removeDeadNodes } from '../../src/passes/dead-nodes.ts';
import { blockSize } from '../../src/runtime/block-size.ts';
import { expectClose } from '../../src/testing/closeness.ts';
import { expectEqualInBlocks, runIn, spreadOut, typesInBlocks, withGradients } from './blocked.ts';

const block = (await blockSize())!;

/** A value that stands in blocks: x through a convolution of one point whose weights are fed. */
function convolved(graph: Graph, name: string, channels = block + 4, size = 6): Value {
  const x = graph.input(name, 'float32', [2, block, size, size]);
  return graph.op('Conv', [x, graph.input(`${name} w`, 'float32', [channels, block, 1, 1])], { kernel_shape: [1, 1] });
}

function vectors(graph: Graph, channels: number): [Value, Value] {
  return [graph.input('scale', 'float32', [channels]), graph.input('shift', 'float32', [channels])];
}

function normalised(graph: Graph, x: Value, parameters: readonly [Value, Value]): Value {
  return graph.emit('BatchNormalizationTraining', [x, ...parameters], 4, { epsilon: 1e-5 })[0]!;
}

describe('a normalisation in blocks', () => {
  it.each(['Relu', 'Clip', 'none'] as const)(
    'with what follows, %s after a sum, gives what it does plainly',
    async (tail) => {
      const graph = new Graph();
      const x = convolved(graph, 'x');
      const other = convolved(graph, 'other');
      const parameters = vectors(graph, block + 4);
      const sum = graph.op('Add', [normalised(graph, x, parameters), other]);
      const bounds = [graph.scalar(0), graph.scalar(0.7)];
      const y = tail === 'none' ? sum : graph.op(tail, [sum, ...(tail === 'Clip' ? bounds : [])], {});
      withGradients(graph, y, [x, other, ...parameters]);
      const types = await typesInBlocks(graph);
      expect(types).not.toContain('Relu');
      expect(types).not.toContain('Clip');
      await expectEqualInBlocks(graph);
    },
  );

  it.each([
    ['large', 3 * block, 1, 3, 12],
    ['large, with a stride', 3 * block, 2, 3, 12],
    ['large, that does not fill its blocks', 3 * block + 4, 1, 4, 12],
    ['small', 3 * block, 1, 4, 2],
  ] as const)(
    'of a map (%s) has its gradient scaled in the filters where that is less to do',
    async (_, channels, stride, convolutions, size) => {
      const graph = new Graph();
      const [x, w] = [convolved(graph, 'x', block, size), graph.input('w', 'float32', [channels, block, 1, 1])];
      const y = graph.op('Conv', [x, w], { kernel_shape: [1, 1], strides: [stride, stride] });
      const parameters = vectors(graph, channels);
      withGradients(graph, normalised(graph, y, parameters), [x, w, ...parameters]);
      const { nodes } = lower(graph, { block });
      const ofGradient = nodes.filter(({ type, name }) => type === 'NchwcConv' && name.includes('gradient'));
      expect(ofGradient.filter(({ name }) => !name.includes('WeightGradient'))).toHaveLength(convolutions);
      await expectEqualInBlocks(graph);
    },
  );

  it('with known statistics is one pass with what follows it', async () => {
    const graph = new Graph();
    const x = convolved(graph, 'x');
    const other = convolved(graph, 'other');
    const known = ['scale', 'bias', 'mean'].map((name) => graph.input(name, 'float32', [block + 4]));
    const variance = graph.op('Exp', [graph.input('variance', 'float32', [block + 4])]);
    const y = graph.op('BatchNormalization', [x, ...known, variance], { epsilon: 1e-3 });
    graph.output(graph.op('Relu', [graph.op('Add', [other, y])]), 'y');
    const types = await typesInBlocks(graph);
    expect(types.filter((type) => type === 'NchwcConv')).toHaveLength(3);
    expect(types).not.toContain('BatchNormalization');
    await expectEqualInBlocks(graph);
  });

  it('gives mean and variance, and zeros for a channel that does not vary', async () => {
    const graph = new Graph();
    const x = convolved(graph, 'x', block);
    const [y, mean, variance] = graph.emit('BatchNormalizationTraining', [x, ...vectors(graph, block)], 4, {
      epsilon: 1e-5,
    });
    for (const [value, name] of [
      [y, 'y'],
      [mean, 'mean'],
      [variance, 'variance'],
    ] as const)
      graph.output(value!, name);
    const weights = spreadOut([block, block, 1, 1], 5);
    weights.data.fill(0, 0, block);
    const feeds = {
      x: spreadOut([2, block, 6, 6], 1),
      'x w': weights,
      scale: tensor('float32', [block], new Float32Array(block).fill(2)),
      shift: tensor('float32', [block]),
    };
    await expectEqualInBlocks(graph, feeds);
    const { y: result } = await runIn('blocked', graph, feeds);
    const first = Array.from(result!.data as Float32Array).slice(0, 36);
    expect(first).toEqual(new Array(36).fill(0));
  });

  it.each([
    [[3, 3], [1, 1], 9],
    [[1, 1], [2, 2], 8],
    [[5, 3], [2, 1], 5],
    [[3, 3], [1, 1], 2],
  ] as const)(
    'of a convolution by %o, stride %o, is the same whether others read it or not',
    async (kernel, strides, size) => {
      for (const channels of [3, block]) {
        for (const isReadElsewhere of [false, true]) {
          const graph = new Graph();
          const x = graph.input('x', 'float32', [2, channels, size, size]);
          const w = graph.input('w', 'float32', [block + 4, channels, ...kernel]);
          const pads = [...kernel, ...kernel].map((side) => (side - 1) / 2);
          const convolved = graph.op('Conv', [x, w], { kernel_shape: kernel, strides, pads });
          const parameters = vectors(graph, block + 4);
          const y = normalised(graph, convolved, parameters);
          withGradients(graph, graph.op('Mul', [y, isReadElsewhere ? convolved : y]), [x, w, ...parameters]);
          await expectEqualInBlocks(graph);
        }
      }
    },
  );

  it('keeps its digits where the middle of the first picture is far from the mean', async () => {
    const graph = new Graph();
    const x = convolved(graph, 'x', block);
    graph.output(normalised(graph, x, vectors(graph, block)), 'y');
    const identity = tensor('float32', [block, block, 1, 1]);
    for (let at = 0; at < block; at += 1) identity.data[at * block + at] = 1;
    const pictures = spreadOut([2, block, 6, 6], 1);
    const inTheMiddle = (at: number): boolean => at % 6 > 0 && at % 6 < 5 && at % 36 > 5 && at % 36 < 30;
    pictures.data.forEach(
      (value, at) => (pictures.data[at] = at < block * 36 && inTheMiddle(at) ? 4 + value / 50 : value),
    );
    const feeds = { x: pictures, 'x w': identity, scale: spreadOut([block], 3), shift: spreadOut([block], 4) };
    await expectEqualInBlocks(graph, feeds);
  });

  it('keeps its digits where the mean is a hundred times the spread', async () => {
    const graph = new Graph();
    const x = convolved(graph, 'x', block);
    graph.output(normalised(graph, x, vectors(graph, block)), 'y');
    const identity = tensor('float32', [block, block, 1, 1]);
    for (let at = 0; at < block; at += 1) identity.data[at * block + at] = 1;
    const shifted = spreadOut([2, block, 6, 6], 1);
    shifted.data.forEach((value, index) => (shifted.data[index] = value + 60));
    const ones = tensor('float32', [block], new Float32Array(block).fill(1));
    const feeds = { x: shifted, 'x w': identity, scale: ones, shift: tensor('float32', [block]) };
    const [plain, blocked] = [await runIn('plain', graph, feeds), await runIn('blocked', graph, feeds)];
    expectClose(blocked['y']!, plain['y']!, 2e-5);
  });
});

describe('the gradient of a ReLU in blocks', () => {
  const edges = [0, 1e-20, 1e-6, 1, 5.9999995, 6, 3, 0];

  it.each([undefined, 6])('is that of numbers strictly between 0 and the bound %s', async (upper) => {
    const graph = new Graph();
    const dy = graph.op('Neg', [convolved(graph, 'dy', block, 1)]);
    const y = convolved(graph, 'y', block, 1);
    graph.output(graph.op('ReluGradient', [dy, y], upper === undefined ? {} : { upper }), 'dx');
    const identity = tensor('float32', [block, block, 1, 1]);
    for (let at = 0; at < block; at += 1) identity.data[at * block + at] = 1;
    const row = (of: (at: number) => number): Tensor =>
      tensor(
        'float32',
        [2, block, 1, 1],
        Float32Array.from({ length: 2 * block }, (_, at) => of(at % block)),
      );
    const feeds = { dy: row((at) => at + 1), y: row((at) => edges[at % 8]!), 'dy w': identity, 'y w': identity };
    const { dx } = await runIn('blocked', graph, feeds);
    const inside = (at: number) => edges[at % 8]! > 0 && edges[at % 8]! < (upper ?? Infinity);
    expect(Array.from(dx!.data as Float32Array, Math.abs)).toEqual(
      Array.from({ length: 2 * block }, (_, at) => (inside(at % block) ? (at % block) + 1 : 0)),
    );
    expect(await typesInBlocks(graph)).not.toContain('Clip');
  });
});

describe('SiLU in blocks', () => {
  it('and its gradient need no way back into the order of axes', async () => {
    const graph = new Graph();
    const x = convolved(graph, 'x');
    withGradients(graph, graph.op('Silu', [x]), [x]);
    const types = await typesInBlocks(graph);
    expect(types).not.toContain('Silu');
    expect(types).not.toContain('Sub');
    expect(types.filter((type) => type === 'NchwcReorderOutput')).toHaveLength(2);
    await expectEqualInBlocks(graph);
  });
});

describe('the gradient of a mean over places', () => {
  it.each(['Relu', 'Clip', 'Silu'] as const)('stays one number per channel where it meets that of %s', async (type) => {
    const graph = new Graph();
    const x = convolved(graph, 'x');
    const bounds = type === 'Clip' ? [graph.scalar(0), graph.scalar(0.7)] : [];
    const mean = graph.op('GlobalAveragePool', [graph.op(type, [x, ...bounds], {})]);
    withGradients(graph, graph.op('Mul', [mean, mean]), [x]);
    const { nodes } = removeDeadNodes(lower(graph, { block }));
    expect(nodes.map((node) => node.type)).not.toContain('Expand');
    await expectEqualInBlocks(graph);
  });
});

describe('operators between convolutions stay in blocks', () => {
  /** The graph has no way back into the order of axes but for its outputs. */
  async function expectReorders(graph: Graph, count: number): Promise<void> {
    const types = await typesInBlocks(graph);
    expect(types.filter((type) => type === 'NchwcReorderOutput')).toHaveLength(count);
    await expectEqualInBlocks(graph);
  }

  it('with an operand of the same shape, a single number, and one number per channel', async () => {
    const graph = new Graph();
    const [a, b] = [convolved(graph, 'a'), convolved(graph, 'b')];
    const gate = graph.input('gate', 'float32', [2, block + 4, 1, 1]);
    const shift = graph.input('shift', 'float32', [1, block + 4, 1, 1]);
    const scaled = graph.op('Mul', [graph.op('Sigmoid', [a]), gate]);
    const moved = graph.op('Sub', [graph.op('Mul', [scaled, graph.scalar(3)]), shift]);
    graph.output(graph.op('Tanh', [graph.op('Add', [moved, b])]), 'y');
    await expectReorders(graph, 1);
  });

  it('put together and taken apart along whole blocks', async () => {
    const graph = new Graph();
    const joined = graph.op('Concat', [convolved(graph, 'a', block), convolved(graph, 'b', 2 * block)], { axis: 1 });
    const sizes = graph.integers([2 * block, block]);
    const [left, right] = graph.emit('Split', [joined, sizes], 2, { axis: 1 });
    graph.output(graph.op('Neg', [left!]), 'left');
    graph.output(graph.op('Relu', [right!]), 'right');
    await expectReorders(graph, 2);
  });

  it('taken apart elsewhere they do not', async () => {
    const graph = new Graph();
    const joined = graph.op('Concat', [convolved(graph, 'a', block), convolved(graph, 'b', block + 4)], { axis: 1 });
    const [left, right] = graph.emit('Split', [joined, graph.integers([block - 3, block + 7])], 2, { axis: 1 });
    graph.output(left!, 'left');
    graph.output(right!, 'right');
    await expectReorders(graph, 2);
  });

  it('their means and sums over places need no way back', async () => {
    const graph = new Graph();
    const x = convolved(graph, 'x');
    graph.output(graph.op('GlobalAveragePool', [x]), 'pooled');
    graph.output(graph.op('ReduceSum', [x, graph.integers([2, 3])], { keepdims: 1 }), 'sum');
    graph.output(graph.op('ReduceMean', [x, graph.integers([2, 3])], { keepdims: 0 }), 'mean');
    await expectReorders(graph, 0);
  });

  it('a gradient that is the sum of two comes out of one convolution', async () => {
    const graph = new Graph();
    const x = convolved(graph, 'x', block);
    const w = graph.input('w', 'float32', [block, block, 3, 3]);
    const along = graph.op('Conv', [x, w], { kernel_shape: [3, 3], pads: [1, 1, 1, 1] });
    withGradients(graph, graph.op('Add', [graph.op('Mul', [along, x]), x]), [x, w]);
    await expectEqualInBlocks(graph);
  });
});
