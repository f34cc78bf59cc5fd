import { BusanaError } from '@busana/contracts';
import { floats, int64s, tensor, type Tensor } from '@busana/engine';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
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
});
