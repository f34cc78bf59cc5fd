import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { namesIn } from '../src/common/names.ts';
import { ticksOf } from '../src/common/ticks.ts';
import { duration, secondsLeft } from '../src/common/time-left.ts';
import { pValue } from '../src/i18n/numbers.ts';

const taxonomy = {
  id: 'id',
  attributes: [
    {
      name: 'jenis',
      titles: { en: 'type', id: 'jenis' },
      kind: 'shape' as const,
      values: [{ code: '0', names: { en: 'T-shirt', id: 'kaos' }, aliases: [] }],
    },
    {
      name: 'warna',
      titles: { en: 'colour' },
      kind: 'colour' as const,
      values: [{ code: '0', names: { en: 'red', id: 'merah' }, aliases: [] }],
    },
  ],
};

describe('names', () => {
  it('put the colour where the language has it', () => {
    const labels = { jenis: '0', warna: '0' };
    expect(namesIn(taxonomy, 'en').phrase(labels)).toBe('Red T-shirt');
    expect(namesIn(taxonomy, 'id').phrase(labels)).toBe('Kaos merah');
  });

  it('fall back to English, then to what the data say', () => {
    const { title, label } = namesIn(taxonomy, 'id');
    expect(title('warna')).toBe('Colour');
    expect(title('ukuran')).toBe('Ukuran');
    expect(label('warna', '9')).toBe('9');
  });
});

describe('ticks', () => {
  it('enclose the range with 2 to 7 round numbers', () => {
    const ends = fc.tuple(
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
    );
    fc.assert(
      fc.property(ends, ([low, span]) => {
        const ticks = ticksOf([low, low + span]);
        const step = ticks[1]! - ticks[0]!;
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(ticks.length).toBeLessThanOrEqual(7);
        expect(ticks[0]!).toBeLessThanOrEqual(low + step * 1e-6);
        expect(ticks.at(-1)!).toBeGreaterThanOrEqual(low + span - step * 1e-6);
      }),
    );
    expect(ticksOf([0, 1]).map((tick) => tick.toFixed(1))).toEqual(['0.0', '0.2', '0.4', '0.6', '0.8', '1.0']);
  });
});

describe('time left', () => {
  it('goes by the speed since it was first seen', () => {
    expect(secondsLeft({ at: 0, done: 100 }, { at: 10_000, done: 150 }, 200)).toBe(10);
  });

  it('says nothing before there is something to go by', () => {
    expect(secondsLeft({ at: 0, done: 0 }, { at: 1000, done: 50 }, 200)).toBeUndefined();
    expect(secondsLeft({ at: 0, done: 7 }, { at: 60_000, done: 7 }, 200)).toBeUndefined();
  });

  it('is said in words of its size', () => {
    expect([0.2, 42, 300, 9000].map(duration)).toEqual(['1 s', '42 s', '5 min', '2.5 h']);
  });
});

describe('a p-value', () => {
  it('is never said to be nothing, and written as the language writes numbers', () => {
    expect([0.0421, 0.00004, 1].map((p) => pValue(p, 'en'))).toEqual(['p = 0.0421', 'p < 0.0001', 'p = 1']);
    expect([0.0421, 0.00004].map((p) => pValue(p, 'id'))).toEqual(['p = 0,0421', 'p < 0,0001']);
  });
});
