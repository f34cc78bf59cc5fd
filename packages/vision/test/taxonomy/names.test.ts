import { describe, expect, it } from 'vitest';
import { garments } from '../../src/taxonomy/builtin.ts';
import { guessKind, labelOf, normaliseName, resolveValue } from '../../src/taxonomy/names.ts';
import { inferAttribute } from '../../src/taxonomy/read.ts';

const [jenis, warna] = garments.attributes;

describe('resolveValue', () => {
  it.each([
    ['0', 0],
    ['1', 1],
    ['1.0', 1],
    ['01', 1],
    ['T-shirt', 0],
    ['T SHIRT', 0],
    ['t_shirt', 0],
    ['tshirt', 0],
    ['kaos', 0],
    ['  Hoodie ', 1],
    ['hódie', 1],
    ['jaket  hoodie', 1],
    ['jakethoodie', 1],
    ['2', undefined],
    ['0.5', undefined],
    ['-1', undefined],
    ['shirt', undefined],
    ['', undefined],
  ])('finds %j among the types as %s', (cell, index) => {
    expect(resolveValue(jenis!, cell)).toBe(index);
  });

  it.each(garments.attributes)('finds every code, name and alias of $name', (attribute) => {
    attribute.values.forEach(({ code, names, aliases }, index) => {
      for (const text of [code, ...Object.values(names), ...aliases]) expect(resolveValue(attribute, text)).toBe(index);
    });
  });

  it('takes a code for a code before it takes it for a number or a name', () => {
    const attribute = inferAttribute('size', ['1', '01', '-1', '1.0', 'a b', 'ab'])!;
    for (const { code } of attribute.values) {
      expect(attribute.values[resolveValue(attribute, code)!]!.code).toBe(code);
    }
    expect(attribute.values).toHaveLength(6);
  });
});

describe('normaliseName', () => {
  it.each([
    ['Café_au  lait', 'cafe au lait'],
    ['T - Shirt', 't shirt'],
    ['-1', '-1'],
    ['2-3', '2-3'],
  ])('makes %j %j', (text, plain) => {
    expect(normaliseName(text)).toBe(plain);
  });

  it('keeps apart what only marks keep apart in other scripts', () => {
    expect(normaliseName('का')).not.toBe(normaliseName('की'));
    expect(normaliseName('が')).not.toBe(normaliseName('か'));
  });
});

describe('guessKind', () => {
  it.each([
    ['warna', 'colour'],
    ['baseColour', 'colour'],
    ['Main Color', 'colour'],
    ['motif', 'pattern'],
    ['print_pattern', 'pattern'],
    ['jenis', 'shape'],
    ['articleType', 'shape'],
    ['lengan', 'shape'],
    ['season', 'other'],
  ])('takes %s for %s', (name, kind) => {
    expect(guessKind(name)).toBe(kind);
  });
});

describe('labelOf', () => {
  it('gives the name in the language, else in English, else in any, else the code', () => {
    expect(labelOf(warna!.values[0]!, 'id')).toBe('merah');
    expect(labelOf(warna!.values[0]!, 'fr')).toBe('red');
    expect(labelOf({ code: 'x', names: { id: 'biru' }, aliases: [] })).toBe('biru');
    expect(labelOf({ code: 'x', names: {}, aliases: [] })).toBe('x');
  });
});
