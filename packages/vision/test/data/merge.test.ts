/** @file Attributes and values of several sources as those of one. */
import { describe, expect, it } from 'vitest';
import { MISSING, type Dataset } from '../../src/data/dataset.ts';
import { mergeAttributes } from '../../src/data/merge-attributes.ts';
import { openDataset } from '../../src/data/open.ts';
import { twoSources as sources, twoTables as tables, sourcesFile } from '../support/sources.ts';

const codes = ({ taxonomy }: Dataset) =>
  Object.fromEntries(taxonomy.attributes.map(({ name, values }) => [name, values.map(({ code }) => code)]));

describe('attributes of several sources', () => {
  it('call a column by another name, by which its attribute is joined with those of others', async () => {
    const text = `
- { data: shop/products.csv, attributes: ['use:1', colour], rename: { use: type }, ignore: { use: [sport] } }
- { data: home/labels.csv, attributes: [type] }
`;
    const dataset = await openDataset({ source: await sourcesFile(text, tables) });
    expect(codes(dataset)).toEqual({ type: ['casual', 'hat', 'Not sure', 'shirt'], colour: ['Blue', 'Red'] });
    expect(dataset.photos.slice(0, 2).map(({ targets }) => targets)).toEqual([
      [0, 1],
      [MISSING, 0],
    ]);
  });

  it("are read by a model's attributes: others are left out, and a source need not have them all", async () => {
    // A column without a word, which no attribute of the model is about.
    const home = { 'home/labels.csv': tables['home/labels.csv'].replaceAll('\n', ',\n').replace('type,', 'type,note') };
    const text = sources.replace('products.csv', 'products.csv, attributes: [colour]');
    const source = await sourcesFile(text, { ...tables, ...home });
    const values = (...all: string[]) => all.map((code) => ({ code, names: {}, aliases: [] }));
    const attribute = { titles: {}, kind: 'other' as const };
    const type = { ...attribute, name: 'type', values: values('shirt', 'hat') };
    const fit = { ...attribute, name: 'fit', values: values('slim') };
    const dataset = await openDataset({ source, taxonomy: { id: 'id', attributes: [fit, type] } });
    expect(dataset.taxonomy.attributes.map(({ name }) => name)).toEqual(['fit', 'type']);
    expect(dataset.photos.map(({ targets }) => targets[1])).toEqual([-1, -1, -1, -1, 0, -1, 1, 1]);
    expect(dataset.photos.every(({ targets }) => targets[0] === MISSING)).toBe(true);
    const other = openDataset({ source, taxonomy: { id: 'id', attributes: [fit] } });
    await expect(other).rejects.toThrow(`no source of ${source} has labels of fit`);
  });
});

describe('values of several sources', () => {
  const schema = (values: string) => `attributes: { colour: { values: { ${values} } } }`;
  const shop = { 'shop/products.csv': 'id,colour\n1,0\n2,1\n' };
  const home = { 'home/labels.csv': 'id,colour\n1,1\n2,0\n3,2\n' };
  const both = '- { name: shop, data: shop/products.csv }\n- { name: home, data: home/labels.csv }';
  const red = { 'shop/attributes.yaml': schema('0: { en: red, id: merah }, 1: { en: blue, aliases: [navy] }') };

  it('are the same by name before code, and keep the names of all', async () => {
    const names = '0: { en: Navy }, 1: { en: RED, aliases: [maroon] }, 2: { en: green, aliases: [blue] }';
    const tables = { ...shop, ...home, ...red, 'home/attributes.yaml': schema(names.replace('2:', '7:')) };
    const source = await sourcesFile(both, {
      ...tables,
      'home/labels.csv': home['home/labels.csv'].replace('3,2', '3,7'),
    });
    const dataset = await openDataset({ source });
    expect(dataset.taxonomy.attributes[0]!.values).toEqual([
      { code: '0', names: { en: 'red', id: 'merah' }, aliases: ['RED', 'maroon'] },
      { code: '1', names: { en: 'blue' }, aliases: ['navy', 'Navy', 'green'] },
    ]);
    expect(dataset.photos.map(({ targets }) => targets[0])).toEqual([0, 1, 0, 1, 1]);
    // Read by the attributes of a model trained on both, codes of a source still mean what its own schema says.
    const again = await openDataset({ source, taxonomy: dataset.taxonomy });
    expect(again.photos.map(({ targets }) => targets[0])).toEqual([0, 1, 0, 1, 1]);
  });

  it('are the same by the code where one has no names, and take the names of the other', async () => {
    const reversed = both.split('\n').reverse().join('\n');
    const dataset = await openDataset({ source: await sourcesFile(reversed, { ...shop, ...home, ...red }) });
    expect(dataset.taxonomy.attributes[0]!.values).toEqual([
      { code: '0', names: { en: 'red', id: 'merah' }, aliases: [] },
      { code: '1', names: { en: 'blue' }, aliases: ['navy'] },
      { code: '2', names: {}, aliases: [] },
    ]);
    expect(dataset.photos.map(({ targets }) => targets[0])).toEqual([1, 0, 2, 0, 1]);
  });

  it('take no name or alias that means another value, and the kind and titles that only one of them has', () => {
    const [one, two] = [
      { titles: {}, kind: 'other' },
      { titles: { en: 'Tone' }, kind: 'colour' },
    ] as const;
    const value = (code: string, names: Record<string, string>, ...aliases: string[]) => ({ code, names, aliases });
    const first = { ...one, name: 'tone', values: [value('0', { en: 'red' }), value('1', { en: 'maroon' })] };
    const second = { ...two, name: 'tone', values: [value('0', { en: 'red', fr: 'Maroon' }, 'maroon', 'scarlet')] };
    expect(mergeAttributes([[first], [second]], 'all.yaml')).toEqual([
      { ...two, name: 'tone', values: [value('0', { en: 'red' }, 'scarlet'), value('1', { en: 'maroon' })] },
    ]);
  });

  it('are refused where a code means two things', async () => {
    const tables = { ...shop, ...home, ...red, 'home/attributes.yaml': schema('0: black, 1: blue, 2: green') };
    const source = await sourcesFile(both, tables);
    await expect(openDataset({ source })).rejects.toMatchObject({
      code: 'DATA_INVALID',
      message: `${source}: the code 0 of colour means red in one source and black in another`,
    });
  });
});
