import { BusanaError } from '@busana/contracts';
import { floats, int64s, tensor, type Tensor } from '@busana/engine';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readWeights } from '../../src/weights/read.ts';
import { folderWith } from '../support/temporary.ts';
import { fixtures } from './fixtures.ts';
import { decodeSafetensors, encodeSafetensors } from '../../src/weights/safetensors.ts';

describe('safetensors', () => {
  it('writes the bytes the format description gives', () => {
    const bytes = encodeSafetensors(new Map([['a', floats([2], [1, 2])]]));
    const headerLength = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    const header = new TextDecoder().decode(bytes.subarray(8, 8 + headerLength));
    expect(headerLength % 8).toBe(0);
    expect(JSON.parse(header)).toEqual({ a: { dtype: 'F32', shape: [2], data_offsets: [0, 8] } });
    expect([...bytes.subarray(8 + headerLength)]).toEqual([0, 0, 128, 63, 0, 0, 0, 64]);
  });

  it('reads back what it wrote, names, types, shapes, numbers and metadata', () => {
    const tensors = new Map<string, Tensor>([
      ['weight', floats([2, 3], [1, -2, 3.5, Number.NaN, Infinity, 0])],
      ['scalar', tensor('float64', [], Float64Array.of(Math.PI))],
      ['empty', floats([0, 4], [])],
      ['steps', int64s([1, -(2 ** 40)])],
      ['mask', tensor('bool', [3], Uint8Array.of(1, 0, 1))],
    ]);
    const read = decodeSafetensors(encodeSafetensors(tensors, { epoch: '3' }), 'memory');
    expect(read.tensors).toEqual(tensors);
    expect([...read.tensors.keys()]).toEqual([...tensors.keys()]);
    expect(read.metadata).toEqual({ epoch: '3' });
  });

  it('refuses every damaged file by name and never fails otherwise', () => {
    const whole = encodeSafetensors(new Map([['weight', floats([4], [1, 2, 3, 4])]]));
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 }), fc.boolean(), (at, value, cut) => {
        const damaged = cut ? whole.slice(0, at) : Uint8Array.from(whole, (byte, i) => (i === at ? value : byte));
        try {
          decodeSafetensors(damaged, 'w.safetensors');
          expect(cut).toBe(false);
        } catch (error) {
          expect(error).toBeInstanceOf(BusanaError);
          expect((error as BusanaError).message).toContain('w.safetensors');
        }
      }),
    );
  });

  it('keeps doubles and widens halves from memory, as from a file', async () => {
    const { tensors } = decodeSafetensors(await readFile(`${fixtures}types.safetensors`), 'types.safetensors');
    expect(tensors.get('float64')).toEqual(tensor('float64', [3], Float64Array.of(0.1, 1e300, -3)));
    const streamed = await readWeights(`${fixtures}types.safetensors`);
    expect(streamed.get('float64')).toEqual(floats([3], [0.1, Infinity, -3]));
    expect(streamed.get('bfloat16')).toEqual(tensors.get('bfloat16'));
    expect(tensors.get('float16')?.data.slice(2, 6)).toEqual(Float32Array.of(1, -2.5, 65504, 2 ** -24));
  });

  const header = (entries: object, data = 8): Uint8Array => {
    const json = Buffer.from(JSON.stringify(entries));
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(json.length));
    return Buffer.concat([length, json, Buffer.alloc(data)]);
  };
  const entry = (dtype: string, shape: number[], begin: number, end: number) => ({
    dtype,
    shape,
    data_offsets: [begin, end],
  });

  it.each([
    ['overlap', { a: entry('F32', [2], 0, 8), b: entry('F32', [1], 4, 8) }, "tensors 'a' and 'b' overlap"],
    ['run past the end', { a: entry('F32', [3], 0, 12) }, "tensor 'a' runs past the end"],
    ['end before they start', { a: entry('F32', [0], 4, 0) }, "tensor 'a' runs past the end"],
    ['are too short', { a: entry('F16', [3], 0, 8) }, "tensor 'a' has 8 bytes, which do not fill its shape [3]"],
    ['are huge', { a: entry('U8', [2 ** 40, 2 ** 40], 0, 8) }, "tensor 'a' has 8 bytes"],
    ['are of other types', { a: entry('F8_E4M3', [8], 0, 8) }, "tensor 'a' has the type F8_E4M3, which is not read"],
    ['have negative sizes', { a: entry('F32', [-1], 0, 4) }, 'the header is not valid'],
    ['have fractions as sizes', { a: entry('F32', [0.5], 0, 2) }, 'the header is not valid'],
  ])('refuses tensors that %s, in memory and from a file', async (_, entries, message) => {
    const bytes = header(entries);
    expect(() => decodeSafetensors(bytes, 'w.safetensors')).toThrow(message);
    const folder = await folderWith({ 'w.safetensors': bytes });
    await expect(readWeights(join(folder, 'w.safetensors'))).rejects.toThrow(message);
  });
});
