import { describe, expect, it } from 'vitest';
import { Graph } from '../../src/graph/graph.ts';
import { floats, tensor } from '../../src/graph/tensor.ts';
import { createSession, type Session } from '../../src/runtime/session.ts';

/** y = x w for a batch of any size, and the row of a table that is fed. */
function graphOf(): Graph {
  const graph = new Graph();
  const x = graph.input('x', 'float32', ['N', 2]);
  const table = graph.constant(floats([2, 2], [1, 2, 3, 4]));
  graph.output(graph.op('MatMul', [x, table]), 'y');
  graph.output(graph.op('Gather', [table, graph.input('row', 'int64', [1])], { axis: 0 }), 'found');
  return graph;
}

const x = floats([1, 2], [10, 1]);
const row = (index: bigint) => tensor('int64', [1], BigInt64Array.of(index));

async function withSession(body: (session: Session) => Promise<void>): Promise<void> {
  const session = await createSession(graphOf(), { outputs: 'fetched', threads: 1 });
  await body(session);
  await session.release();
}

describe('a session whose outputs are all fetched', () => {
  it('writes every output where it is wanted, run after run, and returns those tensors', () =>
    withSession(async (session) => {
      expect(session.outputs.map(({ name }) => name)).toEqual(['y', 'found']);
      const [y, found] = [tensor('float32', [1, 2]), tensor('float32', [1, 2])];
      const results = await session.run({ x, row: row(1n) }, { y, found });
      expect(results).toEqual({ y: floats([1, 2], [13, 24]), found: floats([1, 2], [3, 4]) });
      expect(results['y']).toBe(y);
      await session.run({ x: floats([1, 2], [0, 1]), row: row(1n) }, { y, found });
      expect([...y.data, ...found.data]).toEqual([3, 4, 3, 4]);
    }));

  it('refuses a run that leaves some of them out, naming them', () =>
    withSession(async (session) => {
      await expect(session.run({ x, row: row(1n) }, { y: tensor('float32', [1, 2]) })).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        message: "nothing is fetched for 'found'",
      });
    }));

  it('fails where the run fails, and not because nothing is returned', () =>
    withSession(async (session) => {
      const targets = { y: tensor('float32', [1, 2]), found: tensor('float32', [1, 2]) };
      const failure = session.run({ x, row: row(2n) }, targets);
      await expect(failure).rejects.toMatchObject({
        code: 'RUNTIME',
        message: expect.stringContaining('Gather') as string,
      });
      await session.run({ x, row: row(1n) }, targets);
      expect([...targets.found.data]).toEqual([3, 4]);
    }));
});
