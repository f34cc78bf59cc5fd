import { BusanaError } from '@busana/contracts';
import fc from 'fast-check';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readPickle } from '../../src/weights/pickle.ts';
import { PickleObject, PickleTuple, type PickleValue } from '../../src/weights/pickle-values.ts';
import { readWeights } from '../../src/weights/read.ts';
import { permitsOfTorch } from '../../src/weights/torch-globals.ts';
import { folderWith } from '../support/temporary.ts';
import { writeZip } from '../support/zip.ts';
import { attacks, fixtures } from './fixtures.ts';

function read(pickle: Uint8Array | string): PickleValue {
  const bytes = typeof pickle === 'string' ? Buffer.from(pickle, 'latin1') : pickle;
  return readPickle(bytes, { file: 'weights.pt', permits: permitsOfTorch }).value;
}

function refusal(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(BusanaError);
    expect((error as BusanaError).code).toBe('WEIGHTS_INVALID');
    expect((error as BusanaError).message).toContain('weights.pt');
    return (error as BusanaError).message;
  }
  throw new Error('it was not refused');
}

describe('readPickle', () => {
  it('reads plain values of every protocol', () => {
    expect(read('I42\n.')).toBe(42);
    expect(read('L-99999999999999999999L\n.')).toBe(-99999999999999999999n);
    expect(read('\x8a\x02\x00\xff.')).toBe(-256);
    expect(read('\x8a\x00.')).toBe(0);
    expect(read('F-0.5\n.')).toBe(-0.5);
    expect(read('G\xbf\xe0\0\0\0\0\0\0.')).toBe(-0.5);
    expect(read("S'torch'\n.")).toBe('torch');
    expect(read('V\\u00e9t\\u00e9\n.')).toBe('été');
    expect(read('\x80\x04\x95\x08\0\0\0\0\0\0\0\x8c\x02\xc3\xa9\x94.')).toBe('é');
    expect(read('(lp0\nI1\naI2\na.')).toEqual([1, 2]);
    expect(read('\x80\x02}(U\x01aK\x01U\x01bNu.')).toEqual(new Map<string, PickleValue>([['a', 1], ['b', null]])); // prettier-ignore
    expect(read('\x80\x04\x8f(\x88\x89\x90.')).toEqual(new Set([true, false]));
    expect(read('(K\x01K\x02K\x03t.')).toEqual(new PickleTuple([1, 2, 3]));
    expect(read('\x80\x05\x96\x02\0\0\0\0\0\0\0\x01\x02.')).toEqual(Uint8Array.of(1, 2));
  });

  it('keeps what would be called as a tree', () => {
    const value = read('\x80\x02cargparse\nNamespace\n)\x81}U\x02lrK\x01sb.');
    expect(value).toBeInstanceOf(PickleObject);
    const { made, args, state } = value as PickleObject;
    expect([made.name, args, state]).toEqual(['argparse.Namespace', [], new Map([['lr', 1]])]);
  });

  it('keeps names that mean something in JavaScript as keys like others', () => {
    expect(read('\x80\x02}U\x09__proto__}U\x08pollutedK\x01ss.')).toEqual(new Map([['__proto__', new Map([['polluted', 1]])]])); // prettier-ignore
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('reads values that contain themselves', () => {
    const list = read(']q\0h\0a.') as PickleValue[];
    expect(list[0]).toBe(list);
  });

  it.each(attacks)('refuses $what by the name $names', ({ bytes, names }) => {
    expect(refusal(() => read(bytes))).toContain(names);
  });

  it('refuses an attack in a file of either kind, and runs nothing', async () => {
    const folder = await folderWith();
    const legacy = await readFile(`${fixtures}legacy.pth`);
    const [{ bytes, names }] = attacks.filter(({ what }) => what === 'os.system, protocol 2') as [(typeof attacks)[0]];
    const zip = await writeZip(join(folder, 'weights.pt'), [{ name: 'archive/data.pkl', bytes, deflate: false }]);
    await expect(readWeights(zip)).rejects.toThrow(names);
    // In the place of the magic number, the version, the facts, the object: each is a pickle of its own.
    for (const end of [0, ...endsOfPickles(legacy).slice(0, 4)]) {
      const files = { 'weights.pth': Buffer.concat([legacy.subarray(0, end), bytes]) };
      await expect(readWeights(join(await folderWith(files), 'weights.pth'))).rejects.toThrow(names);
    }
    expect(existsSync('busana-pickle-was-run')).toBe(false);
  });

  it('refuses lengths and counts that no file can hold, before it asks for memory', () => {
    expect(refusal(() => read('X\xff\xff\xff\xffabc.'))).toContain('4294967295 bytes are announced and 4 left');
    expect(refusal(() => read('\x8e\xff\xff\xff\xff\xff\xff\xff\xffabc.'))).toContain('announced');
    expect(refusal(() => read('\x8b\xff\xff\xff\x7f.'))).toContain('an integer of 2147483647 bytes');
    expect(refusal(() => read(`I${'9'.repeat(5000)}\n.`))).toContain('not an integer');
    expect(refusal(() => read(new Uint8Array(3_000_000).fill('N'.charCodeAt(0))))).toContain('steps');
    expect(refusal(() => read('('.repeat(100_000)))).toContain('cut off');
    expect(refusal(() => read('h\x05.'))).toContain('entry 5, which is not there');
    expect(refusal(() => read('0.'))).toContain('mark');
    expect(refusal(() => read('.'))).toContain('not there');
    expect(refusal(() => read('\x80\x06N.'))).toContain('protocol 6');
  });

  it('refuses whatever bytes it is given, or reads them, and never fails otherwise', () => {
    const genuine = attacks.map(({ bytes }) => bytes);
    const damaged = fc
      .tuple(fc.constantFrom(...genuine), fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 8 }))
      .map(([bytes, at, patch]) => {
        const copy = Uint8Array.from(bytes);
        copy.set(patch.subarray(0, copy.length - (at % copy.length)), at % copy.length);
        return copy;
      });
    fc.assert(
      fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 64 })), (bytes) => {
        try {
          read(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(BusanaError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

/** Where each pickle of a file ends. */
function endsOfPickles(bytes: Uint8Array): number[] {
  const ends: number[] = [];
  for (let count = 0; count < 5; count += 1) {
    ends.push(readPickle(bytes, { file: 'legacy.pth', permits: permitsOfTorch, start: ends.at(-1) ?? 0 }).end);
  }
  return ends;
}
