import { describe, expect, it } from 'vitest';
import { dumpGraph } from '../../src/graph/dump.ts';
import { Graph } from '../../src/graph/graph.ts';
import { floats, tensor } from '../../src/graph/tensor.ts';

describe('dumpGraph', () => {
  it('prints every part on a line of its own, attributes in alphabetical order', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', ['N', 3, 8, 8]);
    const w = graph.constant(
      floats(
        [4, 3, 3, 3],
        Array.from({ length: 108 }, (_, i) => i),
      ),
      'w',
    );
    const y = graph.within('block', () => graph.op('Conv', [x, w], { strides: [2, 2], kernel_shape: [3, 3] }));
    const [top, positions] = graph.emit('MaxPool', [y], 2, { kernel_shape: [2, 2] });
    graph.output(graph.op('Clip', [top, undefined, graph.scalar(6)]), 'y');
    graph.output(positions!);
    expect(dumpGraph(graph)).toBe(
      [
        'input x: float32 [N, 3, 8, 8]',
        'constant w: float32 [4, 3, 3, 3] = 108 values, 6b5e0ca0',
        'constant constant_0: float32 [] = [6]',
        'block/Conv_0:out: float32 [N, 4, 3, 3] = Conv(x, w) {kernel_shape=[3,3], strides=[2,2]}',
        'MaxPool_0:out: float32 [N, 4, 2, 2], MaxPool_0:out1: int64 [N, 4, 2, 2] = MaxPool(block/Conv_0:out) {kernel_shape=[2,2]}',
        'Clip_0:out: float32 [N, 4, 2, 2] = Clip(MaxPool_0:out, -, constant_0)',
        'y: float32 [N, 4, 2, 2] = Identity(Clip_0:out)',
        'output y',
        'output MaxPool_0:out1',
        '',
      ].join('\n'),
    );
  });

  it('changes with one number of a large constant', () => {
    const dumpOf = (last: number): string => {
      const graph = new Graph();
      graph.constant(floats([10], [1, 2, 3, 4, 5, 6, 7, 8, 9, last]), 'c');
      return dumpGraph(graph);
    };
    expect(dumpOf(10)).not.toBe(dumpOf(11));
    expect(dumpOf(10)).toBe(dumpOf(10));
  });
});

describe('Graph', () => {
  it('names by scope, operator and count, clear of names that are taken', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [2]);
    graph.input('Relu_1', 'float32', [2]);
    const names = [graph.op('Relu', [x]), graph.op('Relu', [x])].map(({ name }) => name);
    expect(names).toEqual(['Relu_0:out', 'Relu_2:out']);
    const inner = graph.within('a', () => graph.within('b', () => graph.op('Relu', [x])));
    expect(inner.name).toBe('a/b/Relu_0:out');
    expect(() => graph.input('x', 'float32', [2])).toThrow(expect.objectContaining({ code: 'INVALID_GRAPH' }));
  });

  it('stores equal small constants once, but tells 0 from -0 and types apart', () => {
    const graph = new Graph();
    expect(graph.scalar(0)).toBe(graph.scalar(0));
    expect(graph.scalar(0)).not.toBe(graph.scalar(-0));
    expect(graph.scalar(1)).not.toBe(graph.scalar(1, 'float64'));
    expect(graph.constant(floats([1], [1]))).not.toBe(graph.scalar(1));
    expect(graph.constants).toHaveLength(5);
  });

  it('places a node under given names', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [1, 1, 4, 4]);
    const [y, at] = graph.place({ node: 'pool', outputs: ['y', 'at'] }, 'MaxPool', [x], { kernel_shape: [2, 2] });
    expect([y, at]).toEqual([
      { name: 'y', type: 'float32', shape: [1, 1, 3, 3] },
      { name: 'at', type: 'int64', shape: [1, 1, 3, 3] },
    ]);
    expect(graph.nodes[0]?.name).toBe('pool');
    expect(() => graph.place({ node: 'pool', outputs: ['z'] }, 'Relu', [x], {})).toThrow("the name 'pool' is taken");
  });

  it('checks that values fill a shape', () => {
    expect(() => tensor('float32', [2, 3], new Float32Array(5))).toThrow('5 values do not fill the shape [2, 3]');
  });
});
