import { describe, expect, it } from 'vitest';
import { ancestorsOf, evaluate, floats, gradients, Graph, partOf } from '../../src/index.ts';

/** y = relu(x W) and z = y V beside an output that has nothing to do with them; the batch is open. */
function network() {
  const graph = new Graph();
  const x = graph.input('x', 'float32', ['N', 2]);
  const other = graph.input('other', 'float32', ['N', 1]);
  const weights = graph.constant(floats([2, 2], [1, -1, 2, 1]), 'W');
  const y = graph.op('Relu', [graph.op('MatMul', [x, weights])]);
  const z = graph.output(graph.op('MatMul', [y, graph.constant(floats([2, 1], [3, 5]), 'V')]), 'z');
  graph.output(graph.op('Neg', [other]), 'beside');
  return { graph, x, y, z, other };
}

describe('a part of a graph', () => {
  it('has only what leads from its inputs to what was asked for, in the sizes given', async () => {
    const { graph, x, z } = network();
    const part = partOf(graph, new Map([[x, { type: 'float32', shape: [1, 2] }]]), [z]);
    expect(part.graph.inputs.map(({ name }) => name)).toEqual(['x']);
    expect(part.graph.nodes.length).toBe(4);
    expect(part.of(z).shape).toEqual([1, 1]);
    part.graph.outputs.push(part.of(z));
    const answer = await evaluate(part.graph, { x: floats([1, 2], [1, 2]) });
    expect(answer['z']!.data).toEqual(Float32Array.of(3 * 5 + 5 * 1));
    expect(graph.nodes.length).toBe(6);
  });

  it('is differentiated with respect to a value in the middle of the whole', async () => {
    const { graph, y, z } = network();
    const part = partOf(graph, new Map([[y, { type: 'float32', shape: [1, 2] }]]), [z]);
    const at = part.of(y);
    const sum = part.graph.op('ReduceSum', [part.of(z), part.graph.integers([0, 1])], { keepdims: 0 });
    part.graph.output(gradients(part.graph, sum, [at]).get(at)!, 'gradient');
    const { gradient } = await evaluate(part.graph, { [at.name]: floats([1, 2], [7, 7]) });
    expect(gradient!.data).toEqual(Float32Array.of(3, 5));
  });

  it('takes bytes as floats where it is asked to', () => {
    const graph = new Graph();
    const image = graph.input('image', 'uint8', ['N', 2]);
    const out = graph.output(graph.op('Cast', [image], { to: 'float32' }), 'out');
    const part = partOf(graph, new Map([[image, { type: 'float32', shape: [1, 2] }]]), [out]);
    expect(part.graph.inputs[0]).toMatchObject({ type: 'float32', shape: [1, 2] });
  });

  it('is refused when it needs an input that it was not given', () => {
    const { graph, x, other } = network();
    const beside = graph.outputs[1]!;
    expect(() => partOf(graph, new Map([[x, { type: 'float32', shape: [1, 2] }]]), [beside])).toThrow("'other'");
    expect(partOf(graph, new Map([[other, other]]), [beside]).graph.nodes.length).toBe(2);
  });
});

describe('ancestors', () => {
  it('are the nodes a value is computed by, the first ones first', () => {
    const { graph, y } = network();
    expect(ancestorsOf(graph, y).map(({ type }) => type)).toEqual(['MatMul', 'Relu']);
  });
});
