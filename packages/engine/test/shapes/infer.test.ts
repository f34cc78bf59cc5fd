import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { EngineError } from '../../src/errors.ts';
import { Graph } from '../../src/graph/graph.ts';
import type { OperatorType } from '../../src/graph/operators.ts';
import type { Dimension, Shape } from '../../src/graph/value.ts';
import { createSession } from '../../src/runtime/session.ts';
import { inferOutputs } from '../../src/shapes/infer.ts';
import { caseGraph } from '../support/case-graph.ts';
import { operatorTypes } from '../support/operator-cases.ts';

const CASES = 24;

describe('inferred types and shapes are those the runtime returns', () => {
  it.each(operatorTypes)('%s', async (type) => {
    const { graph, feeds } = caseGraph(type, CASES, 7);
    const session = await createSession(graph, { optimization: 'none', threads: 1 });
    const results = await session.run(feeds);
    await session.release();
    const actual = graph.outputs.map(({ name }) => ({ name, type: results[name]!.type, shape: results[name]!.shape }));
    expect(actual).toEqual(graph.outputs.map(({ name, type, shape }) => ({ name, type, shape })));
  });
});

/** Every size above 1 goes by a name. */
function named(shape: Shape): Shape {
  return shape.map((size) => (size === 1 ? 1 : `n${size}`));
}

/** The number that a formula of such names stands for. */
function valueOf(size: Dimension): unknown {
  const names = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`n${n}`, n]));
  const functions = { floor: Math.floor, slice: sliced, windows };
  return runInNewContext(String(size), { ...names, ...functions });
}

/** How many positions Python's slicing takes. */
function sliced(size: number, start: number, end: number, step: number): number {
  const from = Math.min(Math.max(start < 0 ? start + size : start, step < 0 ? -1 : 0), step < 0 ? size - 1 : size);
  const to = end < 0 ? end + size : end;
  let count = 0;
  if (step > 0) for (let at = from; at < Math.min(to, size); at += step) count += 1;
  else for (let at = Math.max(from, 0); at > Math.max(to, -1); at += step) count += 1;
  return count;
}

/** How many windows start before the end of the input and, but for the last, end within the padding. */
function windows(size: number, reach: number, stride: number, before: number, after: number): number {
  let count = 1;
  while ((count - 1) * stride + reach < size + before + after && count * stride < size + before) count += 1;
  return count;
}

describe('with names in place of sizes, the formulas stand for the same shapes', () => {
  // Operators that cannot tell a result's shape from names for some of their attributes.
  const undetermined: Readonly<Partial<Record<OperatorType, true>>> = { Reshape: true, Squeeze: true };

  it.each(operatorTypes)('%s', (type) => {
    const { graph } = caseGraph(type, CASES, 11);
    let checked = 0;
    for (const node of graph.nodes) {
      const inputs = node.inputs.map((value) =>
        value === undefined || value.constant !== undefined ? value : { ...value, shape: named(value.shape) },
      );
      try {
        const inferred = inferOutputs(node.name, node.type, inputs, node.attributes, node.outputs.length);
        const shapes = inferred.map(({ shape }) => shape.map(valueOf));
        expect({ [node.name]: shapes }).toEqual({ [node.name]: node.outputs.map(({ shape }) => shape) });
        checked += 1;
      } catch (error) {
        if (!(error instanceof EngineError) || undetermined[type] !== true) throw error;
      }
    }
    expect(checked).toBeGreaterThan(undetermined[type] === true ? CASES / 4 : CASES - 1);
  });
});

describe('bounds', () => {
  it('an operator result has at most 64 dimensions', () => {
    const graph = new Graph();
    const x = graph.input(
      'x',
      'float32',
      Array.from({ length: 64 }, () => 1),
    );
    expect(() => graph.op('Unsqueeze', [x, graph.integers([0])])).toThrow('a result of 65 dimensions');
  });
});
