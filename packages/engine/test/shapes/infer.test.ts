import { describe, expect, it } from 'vitest';
import { createSession } from '../../src/runtime/session.ts';
import { caseGraph } from '../support/case-graph.ts';
import { operatorTypes } from '../support/operator-cases.ts';

describe('inferred types and shapes are those the runtime returns', () => {
  it.each(operatorTypes)('%s', async (type) => {
    const { graph, feeds } = caseGraph(type, 24, 7);
    const session = await createSession(graph, { optimization: 'none', threads: 1 });
    const results = await session.run(feeds);
    await session.release();
    const actual = graph.outputs.map(({ name }) => ({ name, type: results[name]!.type, shape: results[name]!.shape }));
    expect(actual).toEqual(graph.outputs.map(({ name, type, shape }) => ({ name, type, shape })));
  });
});
