import { describe, expect, it } from 'vitest';
import { decodeInitializers } from '../../src/proto/initializers.ts';
import { writeModelMessage, type TensorMessage } from '../../src/proto/messages.ts';

function read(...initializer: TensorMessage[]) {
  return decodeInitializers(writeModelMessage({ irVersion: 8, graph: { initializer } }));
}

describe('decodeInitializers', () => {
  it('gives the bytes of each type, halves as they are', () => {
    const found = read(
      { name: 'raw', dataType: 1, dims: [1, 2], rawData: new Uint8Array(Float32Array.of(1, -2).buffer) },
      { name: 'typed', dataType: 7, dims: [1], int64Data: [-3n] },
      { name: 'half', dataType: 10, dims: [2], int32Data: [0x3e00, 0xc000] },
      { name: 'brain', dataType: 16, dims: [1], rawData: Uint8Array.of(0xc0, 0x3f) },
    );
    expect(found.map(({ name, type, shape }) => [name, type, shape])).toEqual([
      ['raw', 'float32', [1, 2]],
      ['typed', 'int64', [1]],
      ['half', 'float16', [2]],
      ['brain', 'bfloat16', [1]],
    ]);
    expect(found.map(({ bytes }) => [...bytes])).toEqual([
      [0, 0, 128, 63, 0, 0, 0, 192],
      [253, 255, 255, 255, 255, 255, 255, 255],
      [0, 0x3e, 0, 0xc0],
      [0xc0, 0x3f],
    ]);
  });

  it('reads models whose operators are not known, and models without weights', () => {
    const graph = { node: [{ opType: 'NoSuchOperator' }] };
    expect(decodeInitializers(writeModelMessage({ graph }))).toEqual([]);
    expect(decodeInitializers(writeModelMessage({}))).toEqual([]);
  });

  it('names the tensor that is damaged, elsewhere or of another type', () => {
    expect(() => read({ name: 'w', dataType: 10, dims: [3], rawData: new Uint8Array(4) })).toThrow(
      "tensor 'w': 4 bytes do not fill [3]",
    );
    expect(() => read({ name: 'w', dataType: 10, dims: [2n ** 40n, 2n ** 40n] })).toThrow("tensor 'w'");
    expect(() => read({ name: 'w', dataType: 16, dims: [1], dataLocation: 1 })).toThrow('in another file');
    expect(() => read({ name: 'w', dataType: 14, dims: [1] })).toThrow("tensor 'w': element type 14 is not supported");
    expect(() => decodeInitializers(Uint8Array.of(0x3a, 0xff, 0x01, 0))).toThrow('not a well-formed ONNX model');
  });
});
