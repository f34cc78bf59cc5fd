import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Graph } from '../../src/graph/graph.ts';
import { tensor, type Tensor } from '../../src/graph/tensor.ts';
import { lower } from '../../src/lowering/lower.ts';
import { encodeModel } from '../../src/proto/encode.ts';
import { blockSize } from '../../src/runtime/block-size.ts';
import { createSession, type Named, type SessionOptions } from '../../src/runtime/session.ts';
import { expectClose } from '../../src/testing/closeness.ts';

function filled(shape: readonly number[], seed: number): Tensor {
  const result = tensor('float32', shape);
  result.data.forEach((_, index) => (result.data[index] = Math.sin((index + 1) * (seed + 0.37)) * 2));
  return result;
}

async function run(graph: Graph, feeds: Named, options: SessionOptions): Promise<Tensor> {
  const session = await createSession(graph, { threads: 1, ...options });
  try {
    return (await session.run(feeds))['y']!;
  } finally {
    await session.release();
  }
}

/** Without the Identity that gives an output its name. */
const nodesOf = (graph: Graph) => graph.nodes.filter(({ type }) => type !== 'Identity');
const typesOf = (graph: Graph): string[] => nodesOf(graph).map(({ type }) => type);

describe('depthwise convolutions in blocks', () => {
  const setting = fc.record({
    images: fc.integer({ min: 1, max: 3 }),
    blocks: fc.integer({ min: 1, max: 3 }),
    height: fc.integer({ min: 5, max: 12 }),
    width: fc.integer({ min: 5, max: 12 }),
    kernel: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 2, max: 5 })),
    stride: fc.integer({ min: 1, max: 2 }),
    pads: fc.tuple(...[0, 1, 2, 3].map(() => fc.integer({ min: 0, max: 2 }))),
  });

  it('give what the plain form gives, at every size, stride and padding', async () => {
    const block = (await blockSize())!;
    await fc.assert(
      fc.asyncProperty(setting, async ({ images, blocks, height, width, kernel, stride, pads }) => {
        const channels = blocks * block;
        const [xShape, wShape] = [
          [images, channels, height, width],
          [channels, 1, ...kernel],
        ];
        const graph = new Graph();
        const inputs = [graph.input('x', 'float32', xShape), graph.input('w', 'float32', wShape)];
        const attributes = { kernel_shape: kernel, group: channels, strides: [stride, stride], pads };
        graph.output(graph.op('Conv', inputs, attributes), 'y');
        expect(typesOf(lower(graph, { block }))).toContain('NchwcConv');
        const feeds = { x: filled(xShape, 1), w: filled(wShape, 2) };
        const plain = await run(graph, feeds, { layout: 'plain' });
        expectClose(await run(graph, feeds, { layout: 'blocked' }), plain, 1e-5);
      }),
      { numRuns: 40 },
    );
  });

  it('name the domain of their operators only where there are some', () => {
    const graph = new Graph();
    const [x, w] = [graph.input('x', 'float32', [1, 8, 8, 8]), graph.input('w', 'float32', [8, 1, 3, 3])];
    graph.output(graph.op('Conv', [x, w], { kernel_shape: [3, 3], group: 8 }), 'y');
    const names = (bytes: Uint8Array) => Buffer.from(bytes).includes('com.microsoft.nchwc');
    expect(names(encodeModel(lower(graph)))).toBe(false);
    expect(names(encodeModel(lower(graph, { block: 8 })))).toBe(true);
  });
});

describe('a single number that meets a tensor that ends in sizes of 1', () => {
  it('takes its rank, fed or constant, once for all that need it', async () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [3, 2, 1, 1]);
    const rate = graph.input('rate', 'float32', []);
    const half = graph.scalar(0.5);
    const twice = graph.op('Mul', [graph.op('Mul', [x, rate]), rate]);
    graph.output(graph.op('Max', [graph.op('Sub', [half, twice]), half]), 'y');
    const lowered = lower(graph);
    expect(lowered.nodes.filter(({ type }) => type === 'Reshape')).toHaveLength(1);
    for (const { type, inputs } of nodesOf(lowered).filter(({ type }) => type !== 'Reshape'))
      expect(
        inputs.map((value) => value!.shape.length),
        type,
      ).toEqual([4, 4]);
    const y = await run(graph, { x: filled([3, 2, 1, 1], 3), rate: tensor('float32', [], Float32Array.of(-2)) }, {});
    const expected = filled([3, 2, 1, 1], 3);
    expected.data.forEach((value, index) => (expected.data[index] = Math.max(0.5 - Number(value) * 4, 0.5)));
    expectClose(y, expected, 1e-6);
  });

  it('stays as it is elsewhere', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [3, 2, 2]);
    graph.output(graph.op('Mul', [x, graph.scalar(2)]), 'y');
    expect(lower(graph)).toBe(graph);
  });
});
