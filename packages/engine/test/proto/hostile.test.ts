import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EngineError } from '../../src/errors.ts';
import { Graph } from '../../src/graph/graph.ts';
import { floats } from '../../src/graph/tensor.ts';
import { decodeModel } from '../../src/proto/decode.ts';
import { encodeModel } from '../../src/proto/encode.ts';
import { writeModelMessage, type GraphMessage, type ModelMessage } from '../../src/proto/messages.ts';

function goodModel(): Uint8Array {
  const graph = new Graph();
  const x = graph.input('x', 'float32', ['N', 3, 8, 8]);
  const w = graph.constant(
    floats(
      [4, 3, 3, 3],
      Array.from({ length: 108 }, (_, i) => i / 7),
    ),
    'w',
  );
  const y = graph.op('Conv', [x, w], { kernel_shape: [3, 3], pads: [1, 1, 1, 1] });
  graph.output(graph.op('ReduceMean', [y, graph.integers([2, 3])], { keepdims: 0 }), 'y');
  return encodeModel(graph, { metadata: { a: 'b' } });
}

/** The code of the refusal, or undefined when the bytes were read. Anything but an EngineError fails the test. */
function refusal(bytes: Uint8Array): EngineError | undefined {
  try {
    decodeModel(bytes);
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(EngineError);
    return error as EngineError;
  }
}

function withGraph(graph: GraphMessage, rest: ModelMessage = {}): Uint8Array {
  return writeModelMessage({ irVersion: 8, opsetImport: [{ domain: '', version: 17 }], graph, ...rest });
}

const x = { name: 'x', type: { tensorType: { elemType: 1, shape: { dim: [{ dimValue: 2 }, { dimValue: 3 }] } } } };

describe('bytes that are no model', () => {
  it('truncated anywhere', () => {
    const bytes = goodModel();
    for (let length = 0; length < bytes.length; length += 1) {
      const error = refusal(bytes.subarray(0, length));
      // Cut between the last two fields, what is left is a shorter message; only the metadata and version go missing.
      if (error !== undefined) expect(error.code).toBe('INVALID_MODEL');
      else expect(length).toBeGreaterThan(bytes.length - 24);
    }
  });

  it('random', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(refusal(bytes)?.code).toBe('INVALID_MODEL');
      }),
      { numRuns: 2000 },
    );
  });

  it('damaged in a few places', () => {
    const bytes = goodModel();
    const damage = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(damage, (places) => {
        const damaged = Uint8Array.from(bytes);
        for (const [at, byte] of places) damaged[at] = byte;
        refusal(damaged);
      }),
      { numRuns: 3000 },
    );
  });

  it('nested without end', () => {
    // graph > node > attribute > g > node > ...: one field in another, each with the length of what follows.
    let bytes = Buffer.alloc(0);
    const tags = [0x0a, 0x2a, 0x32];
    for (let depth = 0; depth < 3000; depth += 1) {
      const length = bytes.length;
      const size = [(length & 0x7f) | 0x80, ((length >> 7) & 0x7f) | 0x80, (length >> 14) & 0x7f];
      bytes = Buffer.concat([Buffer.from([tags[depth % 3]!, ...size]), bytes]);
    }
    expect(refusal(bytes)?.code).toBe('INVALID_MODEL');
  });
});

describe('well-formed messages that promise what is not there', () => {
  const cases: readonly (readonly [string, Uint8Array, string])[] = [
    ['no graph', writeModelMessage({ opsetImport: [{ version: 17 }] }), 'no graph'],
    ['no operator set', writeModelMessage({ graph: {} }), 'names no operator set'],
    [
      'a tensor of 2^60 numbers',
      withGraph({
        initializer: [{ name: 'w', dataType: 1, dims: [2n ** 30n, 2n ** 30n], rawData: new Uint8Array(4) }],
      }),
      "tensor 'w': 4 bytes do not fill the shape [1073741824, 1073741824]",
    ],
    [
      'a size beyond 2^53',
      withGraph({ initializer: [{ name: 'w', dataType: 1, dims: [2n ** 62n] }] }),
      "tensor 'w' has a size of 4611686018427387904",
    ],
    ['a negative size', withGraph({ initializer: [{ name: 'w', dataType: 1, dims: [-1] }] }), 'has a size of -1'],
    [
      'too many dimensions',
      withGraph({ initializer: [{ name: 'w', dataType: 1, dims: new Array<number>(1000).fill(1) }] }),
      'has 1000 dimensions',
    ],
    [
      'an unknown element type',
      withGraph({ initializer: [{ name: 'w', dataType: 16, dims: [1] }] }),
      "tensor 'w': element type 16 is not supported",
    ],
    [
      'data in another file',
      withGraph({ initializer: [{ name: 'w', dataType: 1, dims: [1], dataLocation: 1 }] }),
      'keeps its data in another file',
    ],
    ['an input without a shape', withGraph({ input: [{ name: 'x' }] }), "input 'x' has no tensor shape"],
    ['a name twice', withGraph({ input: [x, x] }), "the name 'x' is taken"],
    ['an empty name', withGraph({ input: [{ ...x, name: '' }] }), "the name '' is taken"],
    ['an output of nothing', withGraph({ output: [x] }), "an output of the graph: there is no value 'x' before it"],
    [
      'a value used before it is made',
      withGraph({ node: [{ opType: 'Relu', name: 'r', input: ['later'], output: ['y'] }] }),
      "Relu 'r' (operator set 17): there is no value 'later' before it",
    ],
    ['functions', withGraph({}, { functions: [{ name: 'f' }] }), 'functions parts of a model are not supported'],
  ];

  it.each(cases)('%s', (_, bytes, message) => {
    const error = refusal(bytes);
    expect(error?.code).toBe('INVALID_MODEL');
    expect(error?.message).toContain(message);
  });

  it('names that would grow without bound', () => {
    // [N, 1] x [1, N] flattened: the square of what was there, at each step.
    const named = {
      name: 'x',
      type: { tensorType: { elemType: 1, shape: { dim: [{ dimParam: 'N' }, { dimValue: 1 }] } } },
    };
    const squares = Array.from({ length: 40 }, (_, at) => {
      const from = at === 0 ? 'x' : `f${at - 1}`;
      return [
        { opType: 'Transpose', input: [from], output: [`t${at}`] },
        { opType: 'MatMul', input: [from, `t${at}`], output: [`m${at}`] },
        { opType: 'Flatten', input: [`m${at}`], output: [`f${at}`], attribute: [{ name: 'axis', type: 2, i: 2 }] },
      ];
    }).flat();
    const error = refusal(withGraph({ input: [named], node: squares }));
    expect(error?.message).toContain('in too complicated a way');
  });

  it('many nodes of one name, in linear time', () => {
    const node = Array.from({ length: 20_000 }, (_, at) => ({
      opType: 'Relu',
      name: 'same',
      input: [at === 0 ? 'x' : `y${at - 1}`],
      output: [`y${at}`],
    }));
    const { nodes } = decodeModel(withGraph({ input: [x], node })).graph;
    expect(nodes.at(-1)?.name).toBe('same_19998');
  });
});
