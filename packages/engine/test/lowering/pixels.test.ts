import {
  createSession,
  evaluate,
  floats,
  Graph,
  lower,
  Network,
  normaliseImages,
  tensor,
  type Value,
} from '@busana/engine';
import { describe, expect, it } from 'vitest';

const everyByte = tensor(
  'uint8',
  [2, 8, 16, 3],
  Uint8Array.from({ length: 768 }, (_, at) => (at * 7) % 256),
);
const kinds = [
  { name: 'one scale', scale: 1 / 255, mean: [0, 0, 0], deviation: [1, 1, 1] },
  { name: 'a scale for each channel', scale: 1 / 255, mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] },
] as const;

function graphOf(kind: (typeof kinds)[number]): Graph {
  const network = new Network(new Graph(), { training: false });
  network.graph.output(normaliseImages(network, network.graph.input('x', 'uint8', [2, 8, 16, 3]), kind), 'y');
  return network.graph;
}

const typesOf = (graph: Graph): string[] => graph.nodes.map(({ type }) => type);

describe('pixels on the processor', () => {
  it.each(kinds)('become numbers in one pass, the same bits: $name', async (kind) => {
    const graph = graphOf(kind);
    const lowered = lower(graph, { rows: true });
    expect(typesOf(lowered)).toContain('DequantizeLinear');
    expect(typesOf(lowered)).not.toContain('Mul');
    const run = async (layout: 'plain' | 'blocked') => {
      const session = await createSession(graph, { layout, optimization: 'none' });
      const { y } = await session.run({ x: everyByte });
      await session.release();
      return y!.data;
    };
    expect(await run('blocked')).toEqual(await run('plain'));
  });

  const others: Record<string, (graph: Graph, x: Value) => Value> = {
    'what something else reads too': (graph, x) => {
      const numbers = graph.op('Cast', [x], { to: 'float32' });
      graph.output(numbers, 'numbers');
      return graph.op('Mul', [numbers, graph.scalar(2)]);
    },
    'a product that is larger': (graph, x) =>
      graph.op('Mul', [graph.op('Cast', [x], { to: 'float32' }), graph.constant(floats([2, 1, 1, 1], [1, 2]))]),
    'a factor for each place': (graph, x) =>
      graph.op('Mul', [graph.op('Cast', [x], { to: 'float32' }), graph.constant(floats([1, 1, 1, 2], [1, 2]))]),
  };

  it.each(Object.entries(others))('leave alone %s', async (_, make) => {
    const graph = new Graph();
    const x = graph.input('x', 'uint8', [1, 2, 1, 2]);
    graph.output(make(graph, x), 'y');
    expect(typesOf(lower(graph, { rows: true }))).toEqual(typesOf(graph));
    const { y } = await evaluate(graph, { x: tensor('uint8', [1, 2, 1, 2], Uint8Array.of(1, 2, 3, 255)) });
    expect(y!.type).toBe('float32');
  });
});
