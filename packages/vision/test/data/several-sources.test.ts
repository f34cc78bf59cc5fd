/** @file A YAML file that lists sources, columns cut to their frequent values, and groups. */
import { BusanaError } from '@busana/contracts';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MISSING, type Dataset, type LabelledPhoto } from '../../src/data/dataset.ts';
import { withTableGroups } from '../../src/data/groups.ts';
import { openDataset } from '../../src/data/open.ts';
import { sharedData } from '../support/shared-data.ts';
import { folderWith, jpeg } from '../support/temporary.ts';

const codes = ({ taxonomy }: Dataset) =>
  Object.fromEntries(taxonomy.attributes.map(({ name, values }) => [name, values.map(({ code }) => code)]));

async function folder(sources: string, tables: Readonly<Record<string, string>>): Promise<string> {
  const photos = [1, 2, 3, 4].flatMap((id) => [`shop/${id}.jpg`, `home/${id}.jpg`]);
  const files = await Promise.all(photos.map(async (name, index) => [name, await jpeg(index)] as const));
  return join(await folderWith({ 'all.yaml': sources, ...tables, ...Object.fromEntries(files) }), 'all.yaml');
}

const tables = {
  'shop/products.csv': 'id,colour,use\n1,Red,casual\n2,Blue,sport\n3,,casual\n4,Red,\n',
  'home/labels.csv': 'image,who,colour,type\n1,ann,green,shirt\n2,bob,RED,Not sure\n3,ann,blue,hat\n4,,,hat\n',
};
const sources = `
- { data: shop/products.csv }
- { name: home, data: home/labels.csv, id: image, group: who, ignore: { type: [Not sure] } }
`;

describe('several sources', () => {
  it('are one data set: attributes of all, values joined by name, cells a source lacks not labelled', async () => {
    const dataset = await openDataset({ source: await folder(sources, tables) });
    expect(codes(dataset)).toEqual({
      colour: ['Blue', 'Red', 'green'],
      use: ['casual', 'sport'],
      type: ['hat', 'shirt'],
    });
    const none = MISSING;
    expect(dataset.photos.map(({ id, targets, group }) => [id, targets, group])).toEqual([
      ['products/1', [1, 0, none], undefined],
      ['products/2', [0, 1, none], undefined],
      ['products/3', [none, 0, none], undefined],
      ['products/4', [1, none, none], undefined],
      ['home/1', [2, none, 1], 'home/ann'],
      ['home/2', [1, none, none], 'home/bob'],
      ['home/3', [0, none, 0], 'home/ann'],
      ['home/4', [none, none, 0], undefined],
    ]);
  });

  it('tell the problems of all of them at once, with their files', async () => {
    const broken = { ...tables, 'shop/products.csv': 'id,colour,use\n1,Red,casual\n9,Red,sport\n' };
    const home = { 'home/labels.csv': 'image,who,colour,type\n1,ann,green,shirt\n1,ann,red,shirt\n' };
    const source = await folder(sources, { ...broken, ...home });
    const error = await openDataset({ source }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(BusanaError);
    const { code, problems } = error as BusanaError;
    expect(code).toBe('DATA_INVALID');
    expect(problems.map(({ file, row }) => [file?.split('/').at(-1), row])).toEqual([
      ['products.csv', 3],
      ['labels.csv', 3],
    ]);
    const { photos, dropped } = await openDataset({ source, skipBad: true });
    expect([photos.length, dropped.length]).toEqual([2, 2]);
  });

  it.each([
    ['no list', 'data: shop', /not a list of sources/],
    ['an unknown key', '- { data: shop, attribute: [x] }', /not a list of sources/],
    ['the same name twice', '- { data: shop/products.csv }\n- { data: shop/products.csv }', /two sources called/],
  ])('are refused with %s', async (_, text, message) => {
    const source = await folder(text, tables);
    await expect(openDataset({ source })).rejects.toThrow(message);
  });

  it('take no option that would mean one of them', async () => {
    const source = await folder(sources, tables);
    await expect(openDataset({ source, group: 'who' })).rejects.toMatchObject({ code: 'USAGE' });
  });
});

describe('a column cut to its most frequent values', () => {
  const csv = (header: string, cells: readonly string[]): Record<string, string> => ({
    'shop/products.csv': `id,${header}\n${cells.map((cell, index) => `${index + 1},${cell}`).join('\n')}\n`,
  });

  it('leaves photos of other values unlabelled', async () => {
    const source = await folder('- { data: shop/products.csv, attributes: ["a:1"] }', csv('a', ['x', 'y', 'Y', 'z']));
    const dataset = await openDataset({ source });
    expect(codes(dataset)).toEqual({ a: ['y'] });
    expect(dataset.photos.map(({ targets }) => targets[0])).toEqual([MISSING, 0, 0, MISSING]);
  });

  it('is not meant by a name that ends so', async () => {
    const source = await folder('- { data: shop/products.csv }', csv('a:1', ['x', 'y', 'y', 'z']));
    expect(codes(await openDataset({ source }))).toEqual({ 'a:1': ['x', 'y', 'z'] });
  });
});

describe('groups of a table', () => {
  const photo = (group?: string): LabelledPhoto => ({
    id: '',
    name: '',
    location: { kind: 'file', path: '' },
    targets: [],
    ...(group !== undefined && { group }),
  });

  it('join duplicates of their members, and leave photos without a group alone', () => {
    const photos = [photo('a'), photo('b'), photo(), photo('a'), photo('b'), photo()];
    // Photo 2 is a duplicate of photo 1, photo 4 of photo 3: a and b hang together.
    const duplicates = { groupOf: [0, 1, 1, 3, 3, 5], pairs: [], reasons: ['', '', 'same', '', 'same', ''] };
    const { groupOf, reasons } = withTableGroups(photos, duplicates);
    expect(groupOf).toEqual([0, 0, 0, 0, 0, 5]);
    expect(reasons[3]).toContain('of the group a');
    expect(reasons[5]).toBe('');
  });
});

describe.skipIf(sharedData === undefined)('the sources of the pretraining recipe', () => {
  it('have the photos, attributes and labels that are there', async () => {
    const recipe = join(import.meta.dirname, '../../../../recipes/pretraining-sources.yaml');
    const { photos, taxonomy } = await openDataset({ source: recipe, verifyImages: false });
    const labelled = taxonomy.attributes.map(({ name, values }, position) => [
      name,
      values.length,
      photos.filter(({ targets }) => targets[position] !== MISSING).length,
    ]);
    expect(photos).toHaveLength(11_518);
    expect(labelled).toEqual([
      ['label', 17, 3668],
      ['gender', 5, 7623],
      ['subCategory', 30, 7623],
      ['articleType', 24, 6836],
      ['baseColour', 14, 7079],
      ['usage', 7, 7623],
    ]);
    // 273 senders, and the products, which are in no group.
    expect(new Set(photos.map(({ group }) => group)).size).toBe(274);
  });
});
