import { describe, expect, it } from 'vitest';
import type { Graph } from '../../src/graph/graph.ts';
import { floats, type Tensor } from '../../src/graph/tensor.ts';
import { decodeModel } from '../../src/proto/decode.ts';
import { writeModelMessage, type AttributeMessage, type NodeMessage } from '../../src/proto/messages.ts';
import { tensorMessage } from '../../src/proto/tensors.ts';
import { createSession } from '../../src/runtime/session.ts';

function integers(name: string, ...ints: number[]): AttributeMessage {
  return { name, type: 7, ints };
}

function integer(name: string, i: number): AttributeMessage {
  return { name, type: 2, i };
}

function float(name: string, f: number): AttributeMessage {
  return { name, type: 1, f };
}

function word(name: string, s: string): AttributeMessage {
  return { name, type: 3, s: Buffer.from(s) };
}

const shape = [2, 3, 4, 5];
const x = floats(
  shape,
  Array.from({ length: 120 }, (_, i) => Math.sin(i * 1.7)),
);

interface Old {
  readonly opset: number;
  readonly node: NodeMessage;
  readonly constants?: Readonly<Record<string, Tensor>>;
}

function modelOf({ opset, node, constants = {} }: Old): Uint8Array {
  const dim = shape.map((dimValue) => ({ dimValue }));
  return writeModelMessage({
    irVersion: 7,
    opsetImport: [{ domain: '', version: opset }],
    graph: {
      name: 'g',
      node: [{ name: 'n', output: ['y'], ...node }],
      initializer: Object.entries(constants).map(([name, content]) => tensorMessage(name, content)),
      input: [{ name: 'x', type: { tensorType: { elemType: 1, shape: { dim } } } }],
      output: (node.output ?? ['y']).filter(Boolean).map((name) => ({ name, type: { tensorType: { elemType: 1 } } })),
    },
  });
}

async function outputsOf(model: Uint8Array | Graph): Promise<Record<string, Tensor>> {
  const session = await createSession(model, { optimization: 'none', threads: 1 });
  const results = await session.run({ x });
  await session.release();
  return results;
}

const weights = floats(
  [6, 3, 2, 2],
  Array.from({ length: 72 }, (_, i) => Math.cos(i)),
);
const half = [floats([0], []), floats([4], [1, 1, 2, 3])] as const;

describe('older and shorter spellings compute what the runtime computes for the file itself', () => {
  const cases: Readonly<Record<string, Old>> = {
    'Clip with attributes': {
      opset: 9,
      node: { opType: 'Clip', input: ['x'], attribute: [float('min', -0.25), float('max', 0.5)] },
    },
    'Clip with one attribute': { opset: 9, node: { opType: 'Clip', input: ['x'], attribute: [float('max', 0.5)] } },
    'Softmax over the last axis': {
      opset: 11,
      node: { opType: 'Softmax', input: ['x'], attribute: [integer('axis', 3)] },
    },
    'ReduceSum with axes': {
      opset: 11,
      node: { opType: 'ReduceSum', input: ['x'], attribute: [integers('axes', 1, -1), integer('keepdims', 0)] },
    },
    'ReduceMean with axes': {
      opset: 13,
      node: { opType: 'ReduceMean', input: ['x'], attribute: [integers('axes', 2, 3)] },
    },
    'ReduceMax over everything': { opset: 13, node: { opType: 'ReduceMax', input: ['x'] } },
    'Unsqueeze with axes': {
      opset: 11,
      node: { opType: 'Unsqueeze', input: ['x'], attribute: [integers('axes', 0, 2)] },
    },
    'Transpose without order': { opset: 13, node: { opType: 'Transpose', input: ['x'] } },
    'Split with sizes as attribute': {
      opset: 11,
      node: {
        opType: 'Split',
        input: ['x'],
        output: ['y', 'z'],
        attribute: [integer('axis', 3), integers('split', 2, 3)],
      },
    },
    'Split into equal parts': {
      opset: 13,
      node: { opType: 'Split', input: ['x'], output: ['y', 'z'], attribute: [integer('axis', 2)] },
    },
    'Split with a count': {
      opset: 18,
      node: {
        opType: 'Split',
        input: ['x'],
        output: ['y', 'z'],
        attribute: [integer('axis', 3), integer('num_outputs', 2)],
      },
    },
    'Slice with attributes': {
      opset: 9,
      node: {
        opType: 'Slice',
        input: ['x'],
        attribute: [integers('starts', 1, -3), integers('ends', 3, 100), integers('axes', 2, 3)],
      },
    },
    'Pad with attributes': {
      opset: 10,
      node: {
        opType: 'Pad',
        input: ['x'],
        attribute: [integers('pads', 0, 0, 1, 2, 0, 0, 0, 1), float('value', 1.5), word('mode', 'constant')],
      },
    },
    'Conv without kernel_shape': {
      opset: 11,
      node: { opType: 'Conv', input: ['x', 'w'], attribute: [word('auto_pad', 'NOTSET')] },
      constants: { w: weights },
    },
    'Resize by scales, centred': {
      opset: 13,
      node: { opType: 'Resize', input: ['x', 'roi', 'scales'] },
      constants: { roi: half[0], scales: half[1] },
    },
    'Resize of operator set 10': {
      opset: 10,
      node: { opType: 'Resize', input: ['x', 'scales'], attribute: [word('mode', 'nearest')] },
      constants: { scales: half[1] },
    },
    'BatchNormalization with momentum': {
      opset: 9,
      node: { opType: 'BatchNormalization', input: ['x', 's', 's', 's', 's'], attribute: [float('momentum', 0.9)] },
      constants: { s: floats([3], [0.5, 1, 2]) },
    },
    'MaxPool with storage order': {
      opset: 12,
      node: {
        opType: 'MaxPool',
        input: ['x'],
        attribute: [integers('kernel_shape', 2, 2), integer('storage_order', 0), integer('ceil_mode', 1)],
      },
    },
  };

  it.each(Object.entries(cases))('%s', async (_, old) => {
    const bytes = modelOf(old);
    const [expected, actual] = [await outputsOf(bytes), await outputsOf(decodeModel(bytes).graph)];
    expect(Object.keys(actual)).toEqual(old.node.output ?? ['y']);
    expect(actual).toEqual(expected);
  });
});

describe('what means something else is refused', () => {
  const cases: readonly (readonly [string, Old, string])[] = [
    [
      'an unknown operator',
      { opset: 17, node: { opType: 'Einsum', input: ['x'] } },
      "Einsum 'n' (operator set 17): the operator is not known",
    ],
    [
      'an operator that is none of ONNX',
      { opset: 17, node: { opType: 'BatchNormalizationTraining', input: ['x'] } },
      "BatchNormalizationTraining 'n' (operator set 17): the operator is not known",
    ],
    [
      'another domain',
      { opset: 17, node: { opType: 'Gelu', domain: 'com.microsoft', input: ['x'] } },
      'the domain com.microsoft is not known',
    ],
    ['an older meaning', { opset: 6, node: { opType: 'Add', input: ['x', 'x'] } }, 'needs operator set 7'],
    [
      'softmax over several axes',
      { opset: 11, node: { opType: 'Softmax', input: ['x'] } },
      "Softmax 'n' (operator set 11): over more than the last axis",
    ],
    ['a newer operator set', { opset: 99, node: { opType: 'Relu', input: ['x'] } }, 'operator set 99 is newer than 25'],
    [
      'an attribute that matters',
      {
        opset: 17,
        node: {
          opType: 'MaxPool',
          input: ['x'],
          attribute: [integers('kernel_shape', 2, 2), word('auto_pad', 'SAME_UPPER')],
        },
      },
      "MaxPool 'n' (operator set 17): the attribute auto_pad = SAME_UPPER is not supported",
    ],
    [
      'an attribute of the wrong kind',
      { opset: 17, node: { opType: 'LeakyRelu', input: ['x'], attribute: [integer('alpha', 1)] } },
      'the attribute alpha = 1 is not supported',
    ],
    [
      'a word that is not taken',
      { opset: 17, node: { opType: 'Pad', input: ['x'], attribute: [word('mode', 'reflect')] } },
      'the attribute mode = reflect is not supported',
    ],
    ['a missing attribute', { opset: 17, node: { opType: 'Cast', input: ['x'] } }, 'the attribute to is missing'],
  ];

  it.each(cases)('%s', (_, old, message) => {
    expect(() => decodeModel(modelOf(old))).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_OPERATOR', message: expect.stringContaining(message) as string }),
    );
  });
});

describe('spellings a file may choose', () => {
  it('Constant nodes become constants of the graph, inputs with content too', () => {
    const dim = [{ dimValue: 2 }];
    const { graph } = decodeModel(
      writeModelMessage({
        opsetImport: [{ domain: 'ai.onnx', version: 13 }],
        graph: {
          input: [
            { name: 'x', type: { tensorType: { elemType: 1, shape: { dim } } } },
            { name: 'w', type: { tensorType: { elemType: 1, shape: { dim } } } },
          ],
          initializer: [{ name: 'w', dataType: 1, dims: [2], floatData: [1, 2] }],
          node: [
            { opType: 'Constant', output: ['c'], attribute: [{ name: 'value_floats', type: 6, floats: [0.1, 3] }] },
            { opType: 'Add', name: 'x', input: ['x', 'w'], output: ['s'] },
            { opType: 'Mul', input: ['s', 'c'], output: ['y'] },
          ],
          output: [{ name: 'y' }],
        },
      }),
    );
    expect(graph.inputs.map(({ name }) => name)).toEqual(['x']);
    expect(graph.constants.map(({ name, constant }) => [name, [...(constant?.data ?? [])]])).toEqual([
      ['w', [1, 2]],
      ['c', [Math.fround(0.1), 3]],
    ]);
    // A node may be called like a value; names of the graph are its own, so the node gets another.
    expect(graph.nodes.map(({ name }) => name)).toEqual(['x_0', 'Mul']);
  });

  it('outputs left out before the last get a name', () => {
    const { graph } = decodeModel(
      modelOf({
        opset: 17,
        node: { opType: 'LayerNormalization', input: ['x', 'w'], output: ['y', '', 'd'] },
        constants: { w: floats([5], [1, 2, 3, 4, 5]) },
      }),
    );
    expect(graph.nodes[0]?.outputs.map(({ name }) => name)).toEqual(['y', 'n:unused1', 'd']);
  });
});
