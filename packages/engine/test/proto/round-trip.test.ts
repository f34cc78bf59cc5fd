import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dumpGraph } from '../../src/graph/dump.ts';
import { Graph } from '../../src/graph/graph.ts';
import { isOurs } from '../../src/graph/operators.ts';
import { floats, tensor, type DataType, type Tensor } from '../../src/graph/tensor.ts';
import { decodeModel } from '../../src/proto/decode.ts';
import { encodeModel } from '../../src/proto/encode.ts';
import { Random } from '../../src/random.ts';
import { appendCase } from '../support/case-graph.ts';
import { filled } from '../support/operands.ts';
import { operatorTypes } from '../support/operator-cases.ts';

const encodable = operatorTypes.filter((type) => !isOurs(type));

function parts({ inputs, constants, nodes, outputs }: Graph): unknown {
  return { inputs, constants, nodes, outputs };
}

/** A graph of random applications, some of them followed by more nodes, with named and unnamed constants. */
function randomGraph(seed: number): Graph {
  const random = Random.of(seed, 'graph');
  const graph = new Graph();
  const feeds: Record<string, Tensor> = {};
  for (let index = random.integer(0, 5); index > 0; index -= 1) {
    graph.within(`block${index}`, () => {
      appendCase(graph, feeds, random.pick(encodable), random, index);
    });
  }
  const x = graph.input('batch', 'float32', ['N', 3, random.integer(1, 4)]);
  const scaled = graph.op('Mul', [x, random.chance(0.5) ? graph.scalar(random.uniform()) : x]);
  graph.output(graph.op('Flatten', [scaled]), 'flat');
  if (random.chance(0.5)) graph.output(graph.op('Clip', [scaled, undefined, graph.scalar(1)]));
  for (const type of ['float32', 'float64', 'int32', 'int64', 'uint8', 'int8', 'bool'] as const) {
    if (random.chance(0.3)) graph.constant(filled(random, type, [random.integer(0, 3), 2]), `kept_${type}`);
  }
  return graph;
}

describe('decode(encode(graph))', () => {
  it('is the graph', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const graph = randomGraph(seed);
        const decoded = decodeModel(encodeModel(graph)).graph;
        expect(parts(decoded)).toEqual(parts(graph));
        expect(dumpGraph(decoded)).toBe(dumpGraph(graph));
      }),
      { numRuns: 150 },
    );
  });

  it('encodes to the same bytes again', () => {
    const bytes = encodeModel(randomGraph(3));
    expect(Buffer.compare(encodeModel(decodeModel(bytes).graph), bytes)).toBe(0);
  });

  it('keeps every bit of the numbers, whatever their alignment', () => {
    const special = [0, -0, 1 / 3, Infinity, -Infinity, NaN, 1e-45, 3.4028234663852886e38];
    for (let shift = 0; shift < 8; shift += 1) {
      const graph = new Graph();
      const name = 'c'.repeat(shift + 1);
      graph.output(graph.op('Identity', [graph.constant(floats([8], special), name)]));
      graph.constant(tensor('int64', [2], BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n)), 'whole');
      graph.constant(tensor('float64', [2], Float64Array.of(Math.PI, -0)), 'double');
      const [first, whole, double] = decodeModel(encodeModel(graph)).graph.constants;
      expect(first?.constant?.data).toEqual(Float32Array.from(special));
      expect(whole?.constant?.data).toEqual(BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n));
      expect(double?.constant?.data).toEqual(Float64Array.of(Math.PI, -0));
    }
  });

  it('uses aligned numbers where they lie', () => {
    const graph = new Graph();
    graph.output(
      graph.op('Identity', [
        graph.constant(
          floats(
            [256],
            Array.from({ length: 256 }, (_, i) => i),
          ),
          'w',
        ),
      ]),
    );
    const bytes = encodeModel(graph);
    const shared = [0, 1, 2, 3].filter((shift) => {
      const moved = new Uint8Array(new ArrayBuffer(bytes.length + shift), shift);
      moved.set(bytes);
      return decodeModel(moved).graph.constants[0]?.constant?.data.buffer === moved.buffer;
    });
    expect(shared).toHaveLength(1);
  });

  it('carries metadata, and attributes as short decimals', () => {
    const graph = new Graph();
    graph.output(graph.op('LeakyRelu', [graph.input('x', 'float32', ['N'])], { alpha: 0.1 }));
    const metadata = { classes: '["a", "ä"]', constructor: 'x', ['__proto__']: 'y' };
    const decoded = decodeModel(encodeModel(graph, { metadata, producer: 'me' }));
    expect(Object.entries(decoded.metadata)).toEqual(Object.entries(metadata));
    expect(decoded.operatorSet).toBe(20);
    expect(decoded.graph.nodes[0]?.attributes).toEqual({ alpha: 0.1 });
  });
});

describe('encodeModel refuses', () => {
  it('operators that are not ONNX', () => {
    const graph = new Graph();
    const c = graph.input('c', 'float32', [3]);
    graph.output(
      graph.op('BatchNormalizationTraining', [graph.input('x', 'float32', [2, 3]), c, c], { epsilon: 1e-5 }),
    );
    expect(() => encodeModel(graph)).toThrow(/BatchNormalizationTraining.*lower the graph first/);
  });

  it('an output listed twice', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32' satisfies DataType, [2]);
    graph.output(x);
    graph.output(x);
    expect(() => encodeModel(graph)).toThrow('listed twice');
  });
});
