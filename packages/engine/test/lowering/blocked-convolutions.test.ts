import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Graph } from '../../src/graph/graph.ts';
import { blockSize } from '../../src/runtime/block-size.ts';
import { expectEqualInBlocks, typesInBlocks, withGradients } from './blocked.ts';

const block = (await blockSize())!;

interface Setting {
  readonly images: number;
  readonly channels: number;
  readonly filters: number;
  readonly size: readonly [number, number];
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly pads: readonly [number, number, number, number];
  readonly group?: number;
}

/** A convolution with a bias, and its three gradients. */
function convolutionGraph({ images, channels, filters, size, kernel, stride, pads, group = 1 }: Setting): Graph {
  const graph = new Graph();
  const x = graph.input('x', 'float32', [images, channels, ...size]);
  const w = graph.input('w', 'float32', [filters, channels / group, ...kernel]);
  const bias = graph.input('bias', 'float32', [filters]);
  const attributes = { kernel_shape: kernel, strides: stride, pads, group };
  withGradients(graph, graph.op('Conv', [x, w, bias], attributes), [x, w, bias]);
  return graph;
}

const padding = fc.integer({ min: 0, max: 2 });
const geometry = {
  size: fc.tuple(fc.integer({ min: 5, max: 10 }), fc.integer({ min: 5, max: 10 })),
  kernel: fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })),
  stride: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
  pads: fc.tuple(padding, padding, padding, padding),
};
const images = fc.constantFrom(1, 3, block, block + 1, 2 * block);

describe('a convolution and its gradients in blocks are those of the plain form', () => {
  it('at every geometry, with channels that fill blocks or not, for few images and for many', async () => {
    const channels = fc.constantFrom(1, 3, block / 2 + 1, block, block + 4, 2 * block);
    const filters = fc.constantFrom(block / 2, block - 2, block, 2 * block);
    const setting = fc.record({ images, channels, filters, ...geometry });
    await fc.assert(
      fc.asyncProperty(setting, (setting) => expectEqualInBlocks(convolutionGraph(setting))),
      { numRuns: 60 },
    );
  });

  it('for depthwise kernels', async () => {
    const channels = fc.constantFrom(block / 2, block, block + 8, 2 * block);
    const setting = fc.record({ images, channels, ...geometry });
    await fc.assert(
      fc.asyncProperty(setting, (setting) => {
        const { channels } = setting;
        return expectEqualInBlocks(convolutionGraph({ ...setting, filters: channels, group: channels }));
      }),
      { numRuns: 40 },
    );
  });

  it('for kernels of one point on maps that are small beside their channels', async () => {
    const point = { kernel: [1, 1], stride: [1, 1], pads: [0, 0, 0, 0] } as const;
    for (const images of [block, 2 * block, 3]) {
      await expectEqualInBlocks(
        convolutionGraph({ images, channels: 6 * block, filters: 5 * block, size: [3, 3], ...point }),
      );
    }
  });

  it.each([
    [3, 1],
    [3, 0],
    [5, 2],
    [1, 0],
  ])(
    'for kernels of %i with stride 2 and padding %i, as networks have them, without ConvTranspose',
    async (side, pad) => {
      for (const group of [1, 2 * block]) {
        const [channels, filters] = [2 * block, group === 1 ? block : 2 * block];
        if (group > 1 && side === 1) continue;
        const graph = convolutionGraph({
          images: 2,
          channels,
          filters,
          size: [8, 12],
          kernel: [side, side],
          stride: [2, 2],
          // The padding of TensorFlow's networks is at the end alone.
          pads: pad === 0 && side > 1 ? [0, 0, 1, 1] : [pad, pad, pad, pad],
          group,
        });
        expect(await typesInBlocks(graph)).not.toContain('ConvTranspose');
        await expectEqualInBlocks(graph);
      }
    },
  );

  it('for kernels of one point that reach into padding at the end alone', async () => {
    const window = { size: [5, 6], kernel: [1, 1], stride: [1, 1], pads: [0, 0, 1, 2] } as const;
    for (const channels of [1, block]) {
      await expectEqualInBlocks(convolutionGraph({ images: 2, channels, filters: block, ...window }));
    }
  });

  it.each([
    { kernel: [1, 3], stride: [2, 2], size: [8, 8], pads: [0, 0, 0, 1] },
    { kernel: [3, 1], stride: [2, 2], size: [8, 8], pads: [0, 0, 1, 0] },
    { kernel: [1, 4], stride: [2, 2], size: [8, 12], pads: [0, 1, 0, 1] },
    { kernel: [4, 1], stride: [2, 2], size: [12, 8], pads: [1, 0, 1, 0] },
    { kernel: [1, 3], stride: [3, 1], size: [9, 8], pads: [0, 1, 0, 1] },
  ] as const)('where a stride skips places along one axis alone: $kernel by $stride', async (window) => {
    const graph = convolutionGraph({ images: 2, channels: block, filters: 2 * block, ...window });
    expect(await typesInBlocks(graph)).not.toContain('ConvTranspose');
    await expectEqualInBlocks(graph);
  });
});

describe('what is left to the plain form', () => {
  const types = (over: Partial<Setting>) =>
    typesInBlocks(
      convolutionGraph({
        images: 1,
        channels: 2 * block,
        filters: 2 * block,
        size: [6, 6],
        kernel: [3, 3],
        stride: [1, 1],
        pads: [1, 1, 1, 1],
        ...over,
      }),
    );

  it('are groups, channels that would leave most of a block empty, and other numbers of images', async () => {
    expect(await types({})).toContain('NchwcConv');
    expect(await types({ group: 2 })).not.toContain('NchwcConv');
    expect(await types({ filters: block / 2 - 1 })).not.toContain('NchwcConv');
    expect(await types({ channels: block / 2 - 1 })).not.toContain('NchwcConv');
    const slices = (await types({ images: block + 1 })).filter((type) => type === 'Slice');
    expect(slices.length, 'one product per kernel offset').toBeGreaterThanOrEqual(9);
  });

  it('are weights that are part of the graph, and other number types', async () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [1, block, 4, 4]);
    const w = graph.constant({ type: 'float32', shape: [block, block, 1, 1], data: new Float32Array(block * block) });
    graph.output(graph.op('Conv', [x, w], { kernel_shape: [1, 1] }), 'y');
    const doubles = graph.input('doubles', 'float64', [1, block, 4, 4]);
    const kernel = graph.input('kernel', 'float64', [block, block, 1, 1]);
    graph.output(graph.op('Conv', [doubles, kernel], { kernel_shape: [1, 1] }), 'z');
    expect(await typesInBlocks(graph)).not.toContain('NchwcConv');
  });
});
