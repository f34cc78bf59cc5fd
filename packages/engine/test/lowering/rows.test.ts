import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Graph } from '../../src/graph/graph.ts';
import type { Value } from '../../src/graph/value.ts';
import { lower } from '../../src/lowering/lower.ts';
import { multiHeadAttention } from '../../src/layers/attention.ts';
import { Network } from '../../src/layers/network.ts';
import { encodeModel } from '../../src/proto/encode.ts';
import { expectEqualInBlocks, withGradients } from './blocked.ts';

const typesOf = (graph: Graph): string[] => lower(graph, { rows: true }).nodes.map(({ type }) => type);

function input(graph: Graph, name: string, shape: readonly number[]): Value {
  return graph.input(name, 'float32', shape);
}

describe('a sum over the first axes', () => {
  it('is a product with ones, with and without the axes kept', async () => {
    const sum = (graph: Graph, axes: readonly number[], keepdims: 0 | 1): void => {
      const x = input(graph, `x ${axes.join()} ${keepdims}`, [6, 5, 12]);
      graph.output(graph.op('ReduceSum', [x, graph.integers(axes)], { keepdims }), `y ${axes.join()} ${keepdims}`);
    };
    const setting = fc.record({
      axes: fc.constantFrom([0, 1], [1, 0], [0], [1], [2], [-1]),
      keepdims: fc.constantFrom<(0 | 1)[]>(0, 1),
    });
    await fc.assert(
      fc.asyncProperty(setting, async ({ axes, keepdims }) => {
        const graph = new Graph();
        sum(graph, axes, keepdims);
        expect(typesOf(graph).includes('ReduceSum')).toBe(axes.join() !== '0,1');
        await expectEqualInBlocks(graph);
      }),
      { numRuns: 20 },
    );
  });

  it('stays a reduction for few rows, other types and axes known at run time alone', () => {
    const graph = new Graph();
    const axes = graph.integers([0]);
    for (const x of [
      graph.input('few', 'float32', [4, 64]),
      graph.input('double', 'float64', [64, 64]),
      graph.input('open', 'float32', ['N', 64]),
    ]) {
      graph.output(graph.op('ReduceSum', [x, axes], { keepdims: 0 }), `sum of ${x.name}`);
    }
    expect(lower(graph, { rows: true })).toBe(graph);
  });
});

describe('the gradient of a matrix of weights', () => {
  /** x w' with the gradient of w, which is asked for turned where `isTurned`. */
  function linear(rows: number, wide: number, out: number, isTurned: boolean): Graph {
    const graph = new Graph();
    const x = input(graph, 'x', [2, rows / 2, wide]);
    const w = input(graph, 'w', isTurned ? [out, wide] : [wide, out]);
    const y = graph.op('MatMul', [x, isTurned ? graph.op('Transpose', [w], { perm: [1, 0] }) : w]);
    withGradients(graph, y, [w]);
    return graph;
  }

  it.each([
    // The product of x and dy is made in the order asked for, or turned afterwards: whichever copies fewer numbers.
    { wide: 160, out: 700, isTurned: true, copies: 2 },
    { wide: 700, out: 160, isTurned: true, copies: 1 },
    { wide: 160, out: 700, isTurned: false, copies: 1 },
    { wide: 700, out: 160, isTurned: false, copies: 2 },
  ])('$wide x $out, turned: $isTurned, is one product of a copy', async ({ wide, out, isTurned, copies }) => {
    const graph = linear(900, wide, out, isTurned);
    const types = typesOf(graph);
    expect(types).not.toContain('Gemm');
    const forward = isTurned ? 1 : 0;
    expect(types.filter((type) => type === 'Transpose')).toHaveLength(forward + copies);
    await expectEqualInBlocks(graph);
  });

  it('stays one Gemm where the copy costs more than it saves', () => {
    expect(typesOf(linear(900, 100, 100, true))).toContain('Gemm');
    expect(typesOf(linear(128, 700, 700, true))).toContain('Gemm');
  });
});

describe('products of stacks of matrices', () => {
  const turn = (graph: Graph, x: Value): Value => graph.op('Transpose', [x], { perm: [0, 1, 3, 2] });

  it.each([
    { name: 'a b turned', of: (g: Graph, [a, b]: Value[]) => g.op('MatMul', [a!, turn(g, b!)]), shape: [7, 3] },
    { name: 'a turned, b', of: (g: Graph, [a, b]: Value[]) => g.op('MatMul', [turn(g, a!), b!]), shape: [3, 7] },
    {
      name: 'both turned, the result too',
      of: (g: Graph, [a, b]: Value[]) => turn(g, g.op('MatMul', [turn(g, a!), turn(g, b!)])),
      shape: [3, 7],
      other: [5, 3],
    },
  ])('read matrices where they lie: $name', async ({ of, shape, other = shape }) => {
    const graph = new Graph();
    const operands = [input(graph, 'a', [2, 4, ...shape]), input(graph, 'b', [2, 4, ...other])];
    withGradients(graph, of(graph, operands), operands);
    expect(typesOf(graph)).not.toContain('Transpose');
    await expectEqualInBlocks(graph);
  });

  it('turned twice are as they were', async () => {
    const graph = new Graph();
    const [a, b] = [input(graph, 'a', [2, 4, 7, 3]), input(graph, 'b', [2, 4, 3, 5])];
    graph.output(graph.op('MatMul', [a, turn(graph, turn(graph, b))]), 'y');
    expect(typesOf(graph)).toEqual(['MatMul', 'Identity']);
    await expectEqualInBlocks(graph);
  });

  it('are copied once where something else reads them turned', async () => {
    const graph = new Graph();
    const [a, b] = [input(graph, 'a', [2, 4, 3, 5]), input(graph, 'b', [2, 4, 3, 5])];
    const turned = turn(graph, b);
    graph.output(graph.op('MatMul', [a, turned]), 'y');
    graph.output(graph.op('Exp', [turned]), 'e');
    graph.output(graph.op('Neg', [turned]), 'n');
    expect(typesOf(graph).filter((type) => type === 'Transpose')).toHaveLength(1);
    await expectEqualInBlocks(graph);
  });

  it("name the domain of the runtime's operators only where there are some", () => {
    const graph = new Graph();
    const [a, b] = [input(graph, 'a', [2, 3, 5]), input(graph, 'b', [2, 3, 5])];
    graph.output(graph.op('MatMul', [a, graph.op('Transpose', [b], { perm: [0, 2, 1] })]), 'y');
    const names = (bytes: Uint8Array) => Buffer.from(bytes).includes('com.microsoft');
    expect(names(encodeModel(lower(graph)))).toBe(false);
    expect(names(encodeModel(lower(graph, { rows: true })))).toBe(true);
  });

  it('make attention, forward and back, without turning a matrix or a product as large as the scores', async () => {
    const graph = new Graph();
    const network = new Network(graph, { training: true });
    const x = input(graph, 'x', [3, 11, 24]);
    const y = multiHeadAttention(network, 'attention', x, { heads: 4 });
    withGradients(graph, y, [x, ...network.parameters.values()]);
    const turned = lower(graph, { rows: true }).nodes.filter(
      (node) => node.type === 'Transpose' && node.attributes.perm.join() === '0,1,3,2',
    );
    expect(turned).toEqual([]);
    // Sums of the softmax's gradient go over 6 channels of 4 heads, not over 11 tokens.
    const summed = lower(graph, { rows: true }).nodes.filter(({ type }) => type === 'ReduceSum');
    expect(summed.map(({ inputs }) => inputs[0]!.shape)).toEqual([[3, 11, 4, 6]]);
    await expectEqualInBlocks(graph);
  });
});
