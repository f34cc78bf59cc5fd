import { taxonomySchema } from '@busana/contracts';
import { describe, expect, it } from 'vitest';
import { garments } from '../../src/taxonomy/builtin.ts';
import { inferAttribute, openSchema, parseTaxonomy } from '../../src/taxonomy/read.ts';

const parse = (text: string) => parseTaxonomy({ file: 'attributes.yaml', text });

/** The example of interface.md. */
const documented = `
id: id
attributes:
  jenis:
    title: {en: type, id: jenis}
    values:
      0: {en: T-shirt, id: kaos, aliases: [tee, tshirt, "t shirt"]}
      1: {en: hoodie, id: hoodie, aliases: [hodie, "jaket hoodie"]}
  warna:
    title: {en: colour, id: warna}
    kind: colour
    values: {0: {en: red, id: merah, aliases: [maroon]}, 1: {en: yellow, id: kuning}, 2: {en: blue, id: biru, aliases: [navy]}, 3: {en: black, id: hitam}, 4: {en: white, id: putih}}
`;

describe('parseTaxonomy', () => {
  it('reads the documented schema as the built-in one', () => {
    expect(parse(documented)).toEqual(garments);
    expect(taxonomySchema.parse(garments)).toEqual(garments);
  });

  it('takes names alone, codes alone and a title alone', () => {
    const { id, attributes } = parse('attributes: {cut: {title: Cut, values: {S: short, 7: , L: {en: long}}}}');
    expect(id).toBe('id');
    expect(attributes).toEqual([
      {
        name: 'cut',
        titles: { en: 'Cut' },
        kind: 'other',
        values: [
          { code: '7', names: {}, aliases: [] },
          { code: 'S', names: { en: 'short' }, aliases: [] },
          { code: 'L', names: { en: 'long' }, aliases: [] },
        ],
      },
    ]);
  });

  it.each([
    ['no YAML', 'a: [', /is not YAML/, undefined],
    ['no attributes', 'id: id\nattributes: {}', /has no attributes/, undefined],
    ['an attribute without values', 'attributes: {a: {values: {}}}', /'a' has no values/, undefined],
    [
      'an unknown kind',
      'attributes: {a: {kind: smell, values: {0: x}}}',
      /is not a valid schema/,
      /^attributes.a.kind: /,
    ],
    ['a list for values', 'attributes: {a: {values: [x, y]}}', /is not a valid schema/, /^attributes.a.values: /],
    ['a text', 'hello', /is not a valid schema/, /object/],
    [
      'a name with two meanings',
      'attributes: {a: {values: {0: red, 1: {en: blue, aliases: [Réd]}}}}',
      /is ambiguous/,
      /^a: 'red' means both 0 and 1$/,
    ],
  ])('refuses %s', (_, text, message, problem) => {
    expect(() => parse(text)).toThrow(
      expect.objectContaining({ code: 'SCHEMA_INVALID', message: expect.stringMatching(message) as string }),
    );
    if (problem === undefined) return;
    expect(() => parse(text)).toThrow(
      expect.objectContaining({
        problems: [{ file: 'attributes.yaml', message: expect.stringMatching(problem) as string }],
      }),
    );
  });

  it('names a file that is not there', async () => {
    await expect(openSchema('nowhere/attributes.yaml')).rejects.toMatchObject({
      code: 'SCHEMA_INVALID',
      message: expect.stringContaining('nowhere/attributes.yaml cannot be read') as string,
    });
  });
});

describe('inferAttribute', () => {
  const codes = (...cells: string[]) => inferAttribute('a', cells)?.values.map(({ code }) => code);

  it('orders numbers by size, before text in natural order', () => {
    expect(codes('10', '9', '-1', '2.5')).toEqual(['-1', '2.5', '9', '10']);
    expect(codes('size 10', 'size 9', '3', 'Álpha', 'beta')).toEqual(['3', 'Álpha', 'beta', 'size 9', 'size 10']);
  });

  it('makes one value of different writings, called as most of them', () => {
    expect(inferAttribute('warna', ['red', 'Red ', '', 'RED', 'Red', 'blue'])).toEqual({
      name: 'warna',
      titles: {},
      kind: 'colour',
      values: [
        { code: 'blue', names: {}, aliases: [] },
        { code: 'Red', names: {}, aliases: expect.arrayContaining(['red', 'RED']) as string[] },
      ],
    });
  });

  it('makes nothing of an empty column', () => {
    expect(codes('', ' ')).toBeUndefined();
  });
});
