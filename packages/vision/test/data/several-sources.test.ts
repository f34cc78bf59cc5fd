/** @file A YAML file that lists sources, which are one data set. */
import { BusanaError } from '@busana/contracts';
import { describe, expect, it } from 'vitest';
import { MISSING, type Dataset } from '../../src/data/dataset.ts';
import { openDataset } from '../../src/data/open.ts';
import { twoSources as sources, twoTables as tables, sourcesFile } from '../support/sources.ts';
import { jpeg } from '../support/temporary.ts';

const codes = ({ taxonomy }: Dataset) =>
  Object.fromEntries(taxonomy.attributes.map(({ name, values }) => [name, values.map(({ code }) => code)]));

describe('several sources', () => {
  it('are one data set: attributes of all, values joined by name, cells a source lacks not labelled', async () => {
    const dataset = await openDataset({ source: await sourcesFile(sources, tables) });
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
    const source = await sourcesFile(sources, { ...broken, ...home });
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

  it('tell what is wrong with whole sources together, and alone as it is', async () => {
    const entries = ['{ data: nowhere }', '{ data: home/labels.csv, id: image, group: sender }'];
    const error = await openDataset({
      source: await sourcesFile(`- ${entries.join('\n- ')}\n${sources}`, tables),
    }).catch((reason: unknown) => reason);
    const { code, problems } = error as BusanaError;
    expect(code).toBe('DATA_INVALID');
    expect(problems.map(({ file }) => file.split('/').at(-1))).toEqual(['nowhere', 'labels.csv']);
    expect(problems[1]!.message).toContain("no column 'sender'");
    const alone = await sourcesFile(`- ${entries[0]!}`, tables);
    await expect(openDataset({ source: alone, skipBad: true })).rejects.toMatchObject({ code: 'DATA_NOT_FOUND' });
  });

  it('leave out bad rows of those that say so', async () => {
    const shop = { ...tables, 'shop/products.csv': 'id,colour,use\n1,Red,casual\n9,Red,sport\n' };
    const source = await sourcesFile(sources.replace('products.csv', 'products.csv, skipBad: true'), shop);
    const { photos, dropped } = await openDataset({ source });
    expect([photos.length, dropped.length]).toEqual([5, 1]);
    expect(dropped[0]).toMatchObject({ row: 3, message: "there is no image for '9'" });
  });

  it.each([
    ['no list', 'data: shop', [/: .*expected array/]],
    ['an empty list', '[]', [/.+/]],
    ['nothing', '', [/.+/]],
    ['unknown keys', '- { data: shop, attribute: [x] }\n- { images: x }', [/^0: .*"attribute"/, /^1\.data: /]],
    ['a column that is no text', '- { data: shop, rename: { a: [b] } }', [/^0\.rename\.a: /]],
  ])('are refused with %s, saying where', async (_, text, messages) => {
    const source = await sourcesFile(text, tables);
    const error = (await openDataset({ source }).catch((reason: unknown) => reason)) as BusanaError;
    expect(error).toMatchObject({ code: 'DATA_INVALID', message: `${source} is not a list of sources` });
    expect(error.remedy).toContain('- data:');
    expect(error.problems.map(({ file }) => file)).toEqual(messages.map(() => source));
    messages.forEach((message, index) => expect(error.problems[index]!.message).toMatch(message));
  });

  it.each([
    ['the same name twice', '- { data: shop/products.csv }\n- { data: shop/products.csv }', /two sources called/],
    ['no YAML', '- { data: shop', /all\.yaml is not YAML/],
    ['a renamed column that is not used', '- { data: shop/products.csv, rename: { size: x } }', /'size' in use/],
    ['two columns of one name', '- { data: shop/products.csv, rename: { use: colour } }', /two columns for .*'colour'/],
  ])('are refused with %s', async (_, text, message) => {
    const source = await sourcesFile(text, tables);
    await expect(openDataset({ source })).rejects.toThrow(message);
    await expect(openDataset({ source })).rejects.toMatchObject({ code: 'DATA_INVALID' });
  });

  it('may be a folder with train.csv, whose test photos are left out, and a folder per class', async () => {
    const more = {
      'own/train.csv': 'id,colour\n1,One\n',
      'own/train/1.jpg': await jpeg(5),
      'own/test/2.jpg': await jpeg(6),
      'classes/one/a.jpg': await jpeg(7),
      'classes/two/b.jpg': await jpeg(8),
    };
    const classes = '{ data: classes, rename: { class: colour }, ignore: { class: [two] } }';
    const source = await sourcesFile(`- { data: own }\n- ${classes}`, { ...tables, ...more });
    const dataset = await openDataset({ source });
    expect(dataset.test).toEqual([]);
    expect(dataset.photos.map(({ id, name, targets }) => [id, name, targets])).toEqual([
      ['own/1', 'own/train/1.jpg', [0]],
      ['classes/one/a.jpg', 'classes/one/a.jpg', [0]],
      ['classes/two/b.jpg', 'classes/two/b.jpg', [MISSING]],
    ]);
  });

  it('take no option that would mean one of them', async () => {
    const source = await sourcesFile(sources, tables);
    await expect(openDataset({ source, group: 'who' })).rejects.toMatchObject({ code: 'USAGE' });
  });
});
