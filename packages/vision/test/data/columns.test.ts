/** @file Which columns are attributes, and which of their cells. */
import { describe, expect, it } from 'vitest';
import { MISSING } from '../../src/data/dataset.ts';
import { openDataset } from '../../src/data/open.ts';
import { inferAttribute } from '../../src/taxonomy/read.ts';
import { tableWith } from '../support/sources.ts';
import { folderWith, jpeg } from '../support/temporary.ts';

async function valuesAndTargets(header: string, rows: readonly string[], attributes: readonly string[]) {
  const { taxonomy, photos } = await openDataset({ source: await tableWith(header, rows), attributes });
  const values = taxonomy.attributes.map(({ name, values: all }) => [name, ...all.map(({ code }) => code)]);
  return { values, targets: photos.map(({ targets }) => targets) };
}

describe('a column cut to its most frequent values', () => {
  it('leaves other cells unlabelled, and is called by its name alone', async () => {
    const rows = ['x,1', 'y,2', 'Y,1', 'z,2', ',1', 'x,1', 'y,1'];
    expect(await valuesAndTargets('a,b', rows, ['b', 'a:2'])).toEqual({
      values: [
        ['b', '1', '2'],
        ['a', 'x', 'y'],
      ],
      targets: [
        [0, 0],
        [1, 1],
        [0, 1],
        [1, MISSING],
        [0, MISSING],
        [0, 0],
        [0, 1],
      ],
    });
  });

  it('counts all writings of a value, keeps the first of equals, and stands in the order of all values', () => {
    const codes = (most: number, ...cells: string[]) => inferAttribute('a', cells, most)?.values.map((v) => v.code);
    expect(codes(1, 'b', 'b', 'a', 'A', 'a')).toEqual(['a']);
    expect(codes(2, 'c', 'b', 'a', 'c')).toEqual(['b', 'c']);
    expect(codes(2, 'a', 'b', 'c', 'c')).toEqual(['a', 'c']);
    expect(codes(20, 'b', '10', '9')).toEqual(['9', '10', 'b']);
    expect(codes(1, '', ' ')).toBeUndefined();
  });

  it('is not meant by a column whose name ends so', async () => {
    const cut = await valuesAndTargets('a:20,a', ['x,p', 'y,q'], ['a:20']);
    expect(cut).toEqual({ values: [['a:20', 'x', 'y']], targets: [[0], [1]] });
    expect((await valuesAndTargets('a:20,a', ['x,p', 'x,q', 'y,p'], ['a:20:1', 'a:1'])).values).toEqual([
      ['a:20', 'x'],
      ['a', 'p'],
    ]);
  });

  it.each([
    ['a:0', "no column 'a:0'"],
    ['a:', "no column 'a:'"],
    ['b:3', "no column 'b'"],
  ])('is refused as %s', async (text, message) => {
    const source = await tableWith('a', ['x', 'y']);
    await expect(openDataset({ source, attributes: [text] })).rejects.toThrow(message);
  });

  it('cannot be there twice', async () => {
    const source = await tableWith('a', ['x', 'y']);
    await expect(openDataset({ source, attributes: ['a', 'a:1'] })).rejects.toMatchObject({ code: 'DATA_INVALID' });
  });
});

describe('cells to be ignored', () => {
  it('are not labelled, as written and with spaces around', async () => {
    const source = await tableWith('a', ['x', 'Not sure', ' Not sure ', 'not sure']);
    const { taxonomy, photos } = await openDataset({ source, ignore: { a: ['Not sure'] } });
    expect(taxonomy.attributes[0]!.values.map(({ code }) => code)).toEqual(['not sure', 'x']);
    expect(photos.map(({ targets }) => targets[0])).toEqual([1, MISSING, MISSING, 0]);
  });

  it('must be those of a column in use', async () => {
    const source = await tableWith('a,b', ['x,1', 'y,2']);
    const options = { source, attributes: ['a'], ignore: { b: ['1'] } };
    await expect(openDataset(options)).rejects.toThrow("has no column 'b' in use");
  });
});

describe('rows to be used', () => {
  it('are those with one of the cells named in every column, whether or not it is an attribute', async () => {
    const source = await tableWith('a,b', ['x,1', 'y,1', ' z ,1', 'x,2', 'z,']);
    const { taxonomy, photos } = await openDataset({
      source,
      attributes: ['a'],
      where: { a: ['x', 'z'], b: ['1'] },
    });
    expect(taxonomy.attributes.map(({ values }) => values.map(({ code }) => code))).toEqual([['x', 'z']]);
    expect(photos.map(({ id, targets }) => [id, targets[0]])).toEqual([
      ['1', 0],
      ['3', 1],
    ]);
  });

  it('must be there, and so must their columns', async () => {
    const source = await tableWith('a,b', ['x,1', 'y,2']);
    const opened = (where: Record<string, string[]>) => openDataset({ source, attributes: ['a'], where });
    await expect(opened({ a: ['z'], b: ['1', '2'] })).rejects.toThrow('no row where a is z and b is 1 or 2');
    await expect(opened({ c: ['1'] })).rejects.toThrow("no column 'c'");
  });

  it('may be folders, of which the others are no values', async () => {
    const source = await folderWith({ 'x/1.jpg': await jpeg(1), 'y/2.jpg': await jpeg(2), 'z/3.jpg': await jpeg(3) });
    const { taxonomy, photos } = await openDataset({ source, where: { class: ['x', 'z'] } });
    expect(taxonomy.attributes[0]!.values.map(({ code }) => code)).toEqual(['x', 'z']);
    expect(photos.map(({ id }) => id)).toEqual(['x/1.jpg', 'z/3.jpg']);
    await expect(openDataset({ source, where: { class: ['w'] } })).rejects.toThrow('no photos in its folders');
    await expect(openDataset({ source, where: { colour: ['x'] } })).rejects.toThrow("no column 'colour'");
  });
});
