import { describe, expect, it } from 'vitest';
import { Graph } from '../../src/graph/graph.ts';
import { floats, int64s, tensor } from '../../src/graph/tensor.ts';
import type { Shape } from '../../src/graph/value.ts';

function input(graph: Graph, shape: Shape, name = 'x'): ReturnType<Graph['input']> {
  return graph.input(name, 'float32', shape);
}

describe('named dimensions', () => {
  const shapeAfter = (shape: Shape, wanted: readonly number[]): Shape => {
    const graph = new Graph();
    return graph.op('Reshape', [input(graph, shape), graph.integers(wanted)]).shape;
  };

  it('survive reshaping wherever the elements can be counted', () => {
    expect(shapeAfter(['N', 3, 4], [-1, 12])).toEqual(['N', 12]);
    expect(shapeAfter(['N', 3, 4], [-1, 6])).toEqual(['2*N', 6]);
    expect(shapeAfter(['N', 'T', 8], [0, 0, 2, 4])).toEqual(['N', 'T', 2, 4]);
    expect(shapeAfter(['N', 'T', 8], [-1, 8])).toEqual(['N*T', 8]);
    expect(shapeAfter(['N*T', 8], [-1, 4])).toEqual(['2*N*T', 4]);
  });

  it('are spelled as formulas where a window or a join changes them', () => {
    const graph = new Graph();
    const x = input(graph, ['N', 3, 'H', 'H']);
    const w = input(graph, [4, 3, 3, 3], 'w');
    const kernel_shape = [3, 3];
    const strided = graph.op('Conv', [x, w], { kernel_shape, strides: [2, 1], pads: [1, 1, 1, 1] });
    expect(strided.shape).toEqual(['N', 4, '(floor((H-1)/2)+1)', 'H']);
    expect(graph.op('MaxPool', [x], { kernel_shape, strides: [1, 2], ceil_mode: 1 }).shape).toEqual([
      'N', 3, '(H-2)', 'windows(H,3,2,0,0)',
    ]); // prettier-ignore
    expect(graph.op('Concat', [x, x], { axis: 0 }).shape[0]).toBe('2*N');
    expect(graph.op('Concat', [x, input(graph, [1, 3, 'H', 'H'], 'token')], { axis: 0 }).shape[0]).toBe('(N+1)');
    // The same formula is the same size: the two can be added.
    const again = graph.op('Conv', [x, w], { kernel_shape, strides: [2, 1], pads: [1, 1, 1, 1] });
    expect(graph.op('Add', [strided, again]).shape).toEqual(strided.shape);
  });

  it('do not broadcast against other names', () => {
    const graph = new Graph();
    expect(() => graph.op('Add', [input(graph, ['N']), input(graph, ['M'], 'y')])).toThrow('do not broadcast');
  });
});

describe('what does not fit is named', () => {
  const cases: readonly (readonly [string, (graph: Graph) => void, string])[] = [
    [
      'broadcasting',
      (graph) => graph.op('Add', [input(graph, [2, 3]), input(graph, [4], 'y')]),
      "Add 'Add_0': the shapes [2, 3] and [4] do not broadcast; got (x float32 [2, 3], y float32 [4])",
    ],
    [
      'types',
      (graph) => graph.op('Add', [input(graph, [2]), graph.integers([1, 2])]),
      "Add 'Add_0': operands must have one type; got (x float32 [2], constant_0 int64 [2])",
    ],
    [
      'missing operand',
      (graph) => graph.op('MatMul', [input(graph, [2, 3])]),
      "MatMul 'MatMul_0': input 1 is missing; got (x float32 [2, 3])",
    ],
    [
      'surplus operand',
      (graph) => graph.op('Relu', [input(graph, [2]), input(graph, [2], 'y')]),
      "Relu 'Relu_0': takes at most 1 inputs, not 2",
    ],
    [
      'inner sizes',
      (graph) => graph.op('MatMul', [input(graph, [2, 3]), input(graph, [4, 2], 'y')]),
      "MatMul 'MatMul_0': the inner sizes must be equal, not 3 and 4; got (x float32 [2, 3], y float32 [4, 2])",
    ],
    [
      'groups',
      (graph) =>
        graph.op('Conv', [input(graph, [1, 3, 8, 8]), input(graph, [4, 2, 3, 3], 'w')], {
          kernel_shape: [3, 3],
          group: 2,
        }),
      'groups of 2 channels need an input of 4, not 3',
    ],
    [
      'kernel',
      (graph) =>
        graph.op('Conv', [input(graph, [1, 3, 8, 8]), input(graph, [4, 3, 3, 3], 'w')], { kernel_shape: [5, 3] }),
      'kernel_shape [5, 3] is not that of the weights',
    ],
    [
      'window',
      (graph) => graph.op('MaxPool', [input(graph, [1, 1, 2, 9])], { kernel_shape: [3, 3] }),
      'a window of 3 does not fit into 2 with its padding',
    ],
    [
      'padding',
      (graph) => graph.op('MaxPool', [input(graph, [1, 1, 9, 9])], { kernel_shape: [2, 2], pads: [2, 0, 0, 0] }),
      'pads must be smaller than the kernel',
    ],
    [
      'list length',
      (graph) => graph.op('MaxPool', [input(graph, [1, 1, 9, 9])], { kernel_shape: [2, 2], strides: [2] }),
      'strides must be 2 integers of at least 1, not [2]',
    ],
    ['axis', (graph) => graph.op('Softmax', [input(graph, [2, 3])], { axis: 2 }), 'axis 2 is outside [-2, 1]'],
    [
      'reshape',
      (graph) => graph.op('Reshape', [input(graph, [2, 3]), graph.integers([4, -1])]),
      '6 elements do not divide by 4',
    ],
    [
      'unknown shape',
      (graph) => graph.op('Reshape', [input(graph, [2]), graph.input('s', 'int64', [1])]),
      "the shape ('s') must be a constant of the graph",
    ],
    [
      'transpose',
      (graph) => graph.op('Transpose', [input(graph, [2, 3])], { perm: [0, 0] }),
      'must name each of 2 axes once',
    ],
    [
      'join',
      (graph) => graph.op('Concat', [input(graph, [2, 3]), input(graph, [2, 4], 'y')], { axis: 0 }),
      'axis 1 has the sizes 3 and 4',
    ],
    [
      'parts',
      (graph) => graph.emit('Split', [input(graph, [6]), graph.integers([2, 3])], 2),
      'the sizes [2, 3] do not add up to 6',
    ],
    [
      'scale',
      (graph) =>
        graph.op('Resize', [input(graph, [1, 1, 2, 2]), undefined, graph.constant(floats([4], [1, 1, 1.5, 2]))], {
          mode: 'nearest',
          coordinate_transformation_mode: 'asymmetric',
          nearest_mode: 'floor',
        }),
      'scale 1.5 is not a whole number of at least 1',
    ],
    [
      'statistics',
      (graph) => {
        const vector = input(graph, [4], 'v');
        graph.op('BatchNormalization', [input(graph, [2, 3, 5]), vector, vector, vector, vector]);
      },
      "'v' must have the shape [3], not [4]",
    ],
    [
      'selection',
      (graph) =>
        graph.op('GatherElements', [input(graph, [2, 3]), graph.constant(tensor('int64', [3, 3]))], { axis: 1 }),
      'lie within the data beside axis 1',
    ],
    [
      'step',
      (graph) =>
        graph.op('Slice', [input(graph, [4]), int64(graph, 0), int64(graph, 4), int64(graph, 0), int64(graph, 0)]),
      'a step must not be 0',
    ],
  ];
  const int64 = (graph: Graph, value: number): ReturnType<Graph['constant']> => graph.constant(int64s([value]));

  it.each(cases)('%s', (_, build, message) => {
    expect(() => {
      build(new Graph());
    }).toThrow(
      expect.objectContaining({ code: 'SHAPE_MISMATCH', message: expect.stringContaining(message) as string }),
    );
  });

  it('leaves the graph as it was', () => {
    const graph = new Graph();
    const x = input(graph, [2, 3]);
    expect(() => graph.op('MatMul', [x, x])).toThrow();
    expect(graph.nodes).toEqual([]);
  });
});
