import { describe, expect, it } from 'vitest';
import { Graph } from '../../src/graph/graph.ts';
import { floats, tensor, type DataType, type Tensor } from '../../src/graph/tensor.ts';
import { encodeModel } from '../../src/proto/encode.ts';
import { createSession, evaluate, type Session } from '../../src/runtime/session.ts';

/** y = x w, and the sum of x, for a batch of any size. */
function productGraph(): Graph {
  const graph = new Graph();
  const x = graph.input('x', 'float32', ['N', 2]);
  graph.output(graph.op('MatMul', [x, graph.input('w', 'float32', [2, 2])]), 'y');
  graph.output(graph.op('ReduceSum', [x], { keepdims: 0 }), 'total');
  return graph;
}

const w = floats([2, 2], [1, 2, 3, 4]);
const x = floats([1, 2], [10, 1]);

async function withProduct(body: (session: Session) => Promise<void>): Promise<void> {
  const session = await createSession(productGraph());
  await body(session);
  await session.release();
}

describe('a session', () => {
  it('tells its inputs and outputs', () =>
    withProduct(async (session) => {
      expect(session.inputs).toEqual([
        { name: 'x', type: 'float32', shape: ['N', 2] },
        { name: 'w', type: 'float32', shape: [2, 2] },
      ]);
      expect(session.outputs.map(({ name, shape }) => [name, shape])).toEqual([
        ['y', ['N', 2]],
        ['total', []],
      ]);
      await Promise.resolve();
    }));

  it('runs, whatever size a named dimension has', () =>
    withProduct(async (session) => {
      const one = await session.run({ x, w });
      expect(one).toEqual({ y: floats([1, 2], [13, 24]), total: floats([], [11]) });
      const two = await session.run({ x: floats([2, 2], [1, 0, 0, 1]), w });
      expect(two['y']).toEqual(floats([2, 2], [1, 2, 3, 4]));
    }));

  it('runs the bytes of a model as well', async () => {
    const session = await createSession(encodeModel(productGraph()), { threads: 1, optimization: 'none' });
    expect((await session.run({ x, w }))['total']?.data[0]).toBe(11);
    await session.release();
  });

  it('writes into a given tensor, in place, and returns every output', () =>
    withProduct(async (session) => {
      const y = tensor('float32', [1, 2]);
      const { data } = y;
      const results = await session.run({ x, w }, { y });
      expect(results['y']).toBe(y);
      expect(y.data).toBe(data);
      expect([...data]).toEqual([13, 24]);
      expect(results['total']?.data[0]).toBe(11);
    }));

  it('swaps two sets of buffers without losing a step', async () => {
    const graph = new Graph();
    const state = graph.input('state', 'float32', [1000]);
    graph.output(graph.op('Add', [state, graph.scalar(1)]), 'next');
    const session = await createSession(graph);
    let [current, next] = [tensor('float32', [1000]), tensor('float32', [1000])];
    const buffers = new Set([current.data.buffer, next.data.buffer]);
    for (let step = 0; step < 51; step += 1) {
      await session.run({ state: current }, { next });
      [current, next] = [next, current];
    }
    await session.release();
    expect(new Set(current.data)).toEqual(new Set([51]));
    expect(new Set([...buffers, current.data.buffer, next.data.buffer]).size).toBe(2);
  });

  it('reads a buffer anew at each run', () =>
    withProduct(async (session) => {
      const changing = floats([1, 2], [0, 0]);
      expect((await session.run({ x: changing, w }))['total']?.data[0]).toBe(0);
      changing.data.set([3, 4]);
      expect((await session.run({ x: changing, w }))['total']?.data[0]).toBe(7);
    }));

  it('takes a result as the next feed', () =>
    withProduct(async (session) => {
      const { y } = await session.run({ x, w });
      expect((await session.run({ x: y!, w }))['y']).toEqual(floats([1, 2], [13 + 72, 26 + 96]));
    }));
});

describe('every element type goes in and out', () => {
  const tensors: readonly Tensor[] = [
    floats([2], [1.5, -0]),
    tensor('float64', [2], Float64Array.of(Math.PI, 1e300)),
    tensor('int32', [2], Int32Array.of(-(2 ** 31), 7)),
    tensor('int64', [2], BigInt64Array.of(-(2n ** 63n), 2n ** 53n + 1n)),
    tensor('uint8', [2], Uint8Array.of(0, 255)),
    tensor('int8', [2], Int8Array.of(-128, 127)),
    tensor('bool', [2], Uint8Array.of(0, 1)),
    tensor('float32', [0, 3]),
    floats([], [3]),
  ];

  it.each(tensors)('$type $shape', async (content) => {
    const graph = new Graph();
    graph.output(graph.op('Identity', [graph.input('x', content.type, content.shape)]), 'y');
    const { y } = await evaluate(graph, { x: content });
    expect(y).toEqual(content);
    expect(y?.data).not.toBe(content.data);
  });
});

describe('what does not fit is named before the runtime sees it', () => {
  const y = tensor('float32', [1, 2]);
  const cases: readonly (readonly [string, Record<string, Tensor>, Record<string, Tensor>, string])[] = [
    ['a missing feed', { x }, {}, "nothing is fed for 'w'"],
    ['all feeds missing', {}, {}, "nothing is fed for 'x', 'w'"],
    ['a feed of nothing', { x, w, v: w }, {}, "there is no input 'v'; there are 'x', 'w'"],
    ['a shape', { x, w: y }, {}, "input 'w' is float32 [2, 2], not float32 [1, 2]"],
    ['a rank', { x: floats([2], [1, 2]), w }, {}, "input 'x' is float32 [N, 2], not float32 [2]"],
    ['a type', { x: tensor('float64', [1, 2]), w }, {}, "input 'x' is float32 [N, 2] with N = 1, not float64 [1, 2]"],
    ['an output of nothing', { x, w }, { z: y }, "there is no output 'z'; there are 'y', 'total'"],
    ['an output of another shape', { x, w }, { total: y }, "output 'total' is float32 [], not float32 [1, 2]"],
    [
      'an output for another batch',
      { x, w },
      { y: tensor('float32', [3, 2]) },
      "output 'y' is float32 [N, 2] with N = 1, not float32 [3, 2]",
    ],
  ];

  it.each(cases)('%s', (_, feeds, fetches, message) =>
    withProduct(async (session) => {
      await expect(session.run(feeds, fetches)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', message });
    }),
  );

  it('one buffer read and written', async () => {
    const graph = new Graph();
    graph.output(graph.op('Neg', [graph.input('state', 'float32', [2])]), 'next');
    const session = await createSession(graph);
    const state = floats([2], [1, 2]);
    const message = "output 'next' may not be written where input 'state' is read";
    await expect(session.run({ state }, { next: state })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', message });
    await session.release();
  });

  it('the same name must stand for the same size', async () => {
    const graph = new Graph();
    const sum = graph.op('Add', [graph.input('a', 'float32', ['N']), graph.input('b', 'float32', ['N'])]);
    graph.output(sum, 'y');
    const feeds = { a: floats([2], [1, 2]), b: floats([1], [1]) };
    await expect(evaluate(graph, feeds)).rejects.toThrow("input 'b' is float32 [N] with N = 2, not float32 [1]");
  });
});

describe('failures of the runtime', () => {
  it('while loading', async () => {
    await expect(createSession(new Uint8Array([1, 2, 3]))).rejects.toMatchObject({
      name: 'EngineError',
      code: 'RUNTIME',
      message: expect.stringContaining('the runtime refused the model') as string,
    });
  });

  it('while running', async () => {
    const graph = new Graph();
    const indices = graph.input('i', 'int64', [1]);
    graph.output(graph.op('Gather', [graph.input('x', 'float32', [3]), indices]));
    const feeds = { x: floats([3], [1, 2, 3]), i: tensor('int64', [1], BigInt64Array.of(9n)) };
    await expect(evaluate(graph, feeds)).rejects.toMatchObject({ code: 'RUNTIME' });
  });

  it('after the end: running fails, releasing again does nothing', async () => {
    const session = await createSession(productGraph());
    await session.release();
    await session.release();
    await expect(session.run({ x, w })).rejects.toMatchObject({ code: 'RUNTIME' });
  });

  it('for storage that does not fill its shape, fed or given', () =>
    withProduct(async (session) => {
      const short: Tensor = { type: 'float32', shape: [1, 2], data: new Float32Array(1) };
      await expect(session.run({ x: short, w })).rejects.toMatchObject({ code: 'RUNTIME' });
      await expect(session.run({ x, w }, { y: short })).rejects.toMatchObject({ code: 'RUNTIME' });
    }));

  it('for an element type the engine does not hold', async () => {
    const graph = new Graph();
    graph.output(graph.op('Identity', [graph.input('x', 'float32' satisfies DataType, [1])]), 'y');
    const bytes = encodeModel(graph);
    // float16 in place of float32 in both value infos: field 1 (elem_type), varint.
    for (let at = 0; at < bytes.length - 3; at += 1) {
      if (bytes[at] === 0x08 && bytes[at + 1] === 1 && bytes[at + 2] === 0x12) bytes[at + 1] = 10;
    }
    await expect(createSession(bytes)).rejects.toThrow("'x' is of a type the engine does not hold: float16");
  });
});
