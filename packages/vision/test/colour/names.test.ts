import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { difference, labOf } from '../../src/colour/lab.ts';
import { namedColours, nameOf } from '../../src/colour/names.ts';
import { colourValues } from '../../src/colour/values.ts';
import { garments } from '../../src/taxonomy/builtin.ts';

const warna = garments.attributes[1]!;
const rgb = (hex: string): [number, number, number] =>
  [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)) as [number, number, number];

describe('names of colours', () => {
  it.each([
    ['#0a0a0a', 'black', 'hitam'],
    ['#fafafa', 'white', 'putih'],
    ['#a8a8aa', 'heather grey', 'abu-abu misty'],
    ['#1b2547', 'navy', 'biru dongker'],
    ['#6b1f2a', 'maroon', 'merah marun'],
    ['#d4a017', 'mustard', 'kuning mustard'],
    ['#c8102e', 'red', 'merah'],
    ['#2a4bb0', 'royal blue', 'biru benhur'],
    ['#7fb2e0', 'sky blue', 'biru langit'],
  ])('%s is %s, %s', (hex, en, id) => {
    expect(nameOf(labOf(rgb(hex)))).toMatchObject({ en, id });
  });

  it('stand apart from each other, and none is said twice', () => {
    const all = namedColours();
    for (const language of ['en', 'id'] as const)
      expect(new Set(all.map((name) => name[language])).size).toBe(all.length);
    for (const one of all) {
      expect(nameOf(one.lab)).toBe(one);
      for (const other of all) if (one !== other) expect(difference(one.lab, other.lab)).toBeGreaterThan(3);
    }
  });

  it('leave no colour of sRGB without one that is near', () => {
    const byte = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(byte, byte, byte, (r, g, b) => {
        const lab = labOf([r, g, b]);
        // Neon green, which no cloth has, is the farthest.
        expect(difference(lab, nameOf(lab).lab)).toBeLessThan(30);
      }),
    );
  });
});

describe('names as values of an attribute', () => {
  const values = colourValues(warna)!;
  const labelled = (en: string): { label: string; exact: boolean } => {
    const colour = namedColours().find((name) => name.en === en)!;
    const { value, exact } = values.valueOf(colour, colour.lab);
    return { label: warna.values[value]!.names['en']!, exact };
  };

  it.each([
    ['navy', 'blue', true],
    ['dark navy', 'blue', true],
    ['maroon', 'red', true],
    ['burgundy', 'red', true],
    ['mustard', 'yellow', true],
    ['off-black', 'black', true],
    ['off-white', 'white', true],
    ['charcoal', 'black', false],
    ['heather grey', 'white', false],
  ])('%s is a %s', (name, label, exact) => expect(labelled(name)).toEqual({ label, exact }));

  it('follow the schema: a value called navy takes navy from blue', () => {
    const attribute = {
      ...warna,
      values: [
        { code: 'n', names: { en: 'Navy Blue' }, aliases: [] },
        { code: 'b', names: { id: 'Biru' }, aliases: [] },
      ],
    };
    const found = colourValues(attribute)!;
    const position = (en: string): number => {
      const colour = namedColours().find((name) => name.en === en)!;
      return found.valueOf(colour, colour.lab).value;
    };
    expect([position('navy'), position('dark navy'), position('sky blue')]).toEqual([0, 0, 1]);
  });

  it('are none of an attribute about something else', () => {
    expect(colourValues(garments.attributes[0]!)).toBeUndefined();
  });
});
