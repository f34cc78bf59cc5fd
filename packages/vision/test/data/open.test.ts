/** @file Every form a data set comes in (interface.md, "Data sets"). */
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MISSING, type Dataset } from '../../src/data/dataset.ts';
import { openDataset } from '../../src/data/open.ts';
import { garments } from '../../src/taxonomy/builtin.ts';
import { folderWith, jpeg, trainPhotos } from '../support/temporary.ts';
import { zipBytes } from '../support/zip.ts';

const rows = ({ photos }: Dataset) => photos.map(({ id, name, targets }) => [id, name, targets]);
const codes = ({ taxonomy }: Dataset) =>
  taxonomy.attributes.map(({ name, values }) => [name, values.map(({ code }) => code)]);

describe('openDataset', () => {
  it('takes any columns: text labels, missing cells, no schema', async () => {
    const csv = 'photo;sleeve;Main colour;year\n1.jpg;long;Red;10\n2;;blue;9\n3;short; red ;\n4;long;;10\n';
    const source = await folderWith({ 'train.csv': csv, ...(await trainPhotos(4)) });
    const dataset = await openDataset({ source });
    expect(dataset.taxonomy.id).toBe('photo');
    expect(codes(dataset)).toEqual([
      ['sleeve', ['long', 'short']],
      ['Main colour', ['blue', 'red']],
      ['year', ['9', '10']],
    ]);
    expect(dataset.taxonomy.attributes.map(({ kind }) => kind)).toEqual(['shape', 'colour', 'other']);
    expect(rows(dataset)).toEqual([
      ['1.jpg', 'train/1.jpg', [0, 1, 1]],
      ['2', 'train/2.jpg', [MISSING, 0, 0]],
      ['3', 'train/3.jpg', [1, 1, MISSING]],
      ['4', 'train/4.jpg', [0, MISSING, 1]],
    ]);
  });

  it('reads photos from train.zip and test.zip', async () => {
    const source = await folderWith({
      'train.csv': 'id,a\n1,x\n2,y\n',
      'train.zip': zipBytes([
        { name: '1.jpg', bytes: await jpeg(1) },
        { name: '2.jpg', bytes: await jpeg(2) },
      ]),
      'test.zip': zipBytes([
        { name: 'test/10.jpg', bytes: await jpeg(3) },
        { name: 'test/9.jpg', bytes: await jpeg(4) },
      ]),
    });
    const dataset = await openDataset({ source });
    expect(rows(dataset)).toEqual([
      ['1', 'train/1.jpg', [0]],
      ['2', 'train/2.jpg', [1]],
    ]);
    expect(dataset.test.map(({ id, name }) => [id, name])).toEqual([
      ['9', 'test/9.jpg'],
      ['10', 'test/10.jpg'],
    ]);
  });

  it('reads a table anywhere with photos elsewhere', async () => {
    const folder = await folderWith({
      'tables/shirts.csv': 'note,file,a,b\nfirst,x/1,p,q\nsecond,x/2.jpg,r,q\n',
      'photos/x/1.jpg': await jpeg(1),
      'photos/x/2.jpg': await jpeg(2),
      'photos/y/1.jpg': await jpeg(3),
    });
    const dataset = await openDataset({
      source: join(folder, 'tables/shirts.csv'),
      images: join(folder, 'photos'),
      idColumn: 'file',
      attributes: ['b', 'a'],
    });
    expect(codes(dataset)).toEqual([
      ['b', ['q']],
      ['a', ['p', 'r']],
    ]);
    expect(rows(dataset)).toEqual([
      ['x/1', 'x/1.jpg', [0, 0]],
      ['x/2.jpg', 'x/2.jpg', [0, 1]],
    ]);
  });

  it('reads a table beside its photos', async () => {
    const folder = await folderWith({ 'labels.csv': 'id,a\n1,x\n', '1.jpg': await jpeg(1) });
    expect(rows(await openDataset({ source: join(folder, 'labels.csv') }))).toEqual([['1', '1.jpg', [0]]]);
  });

  it('reads a folder per class', async () => {
    const source = await folderWith({
      '10/a.jpg': await jpeg(1),
      '9/b.jpg': await jpeg(2),
      '9/more/c.jpg': await jpeg(3),
      'README.txt': 'about',
    });
    const dataset = await openDataset({ source, attributes: ['warna'] });
    expect(codes(dataset)).toEqual([['warna', ['9', '10']]]);
    expect(dataset.taxonomy.attributes[0]!.kind).toBe('colour');
    expect(rows(dataset)).toEqual([
      ['9/b.jpg', '9/b.jpg', [0]],
      ['9/more/c.jpg', '9/more/c.jpg', [0]],
      ['10/a.jpg', '10/a.jpg', [1]],
    ]);
  });

  it('reads folders of classes by a schema, and says which folder is none', async () => {
    const source = await folderWith({
      'merah/a.jpg': await jpeg(1),
      'pink/b.jpg': await jpeg(2),
      'attributes.yaml': 'attributes: {warna: {values: {0: {en: red, id: merah}, 1: blue}}}',
    });
    await expect(openDataset({ source })).rejects.toMatchObject({
      problems: [{ file: 'pink/b.jpg', message: "'pink' is no value of warna" }],
    });
    const dataset = await openDataset({ source, skipBad: true });
    expect(rows(dataset)).toEqual([['merah/a.jpg', 'merah/a.jpg', [0]]]);
    expect(dataset.dropped).toHaveLength(1);
  });

  it('reads codes, names and aliases by the built-in schema', async () => {
    const csv = 'id,jenis,warna\n1,0,4\n2,Hoodie,merah\n3,T shirt,NAVY\n4,kaos,\n';
    const source = await folderWith({ 'train.csv': csv, ...(await trainPhotos(4)) });
    const dataset = await openDataset({ source });
    expect(dataset.taxonomy).toEqual(garments);
    expect(dataset.photos.map(({ targets }) => targets)).toEqual([
      [0, 4],
      [1, 0],
      [0, 2],
      [0, MISSING],
    ]);
  });

  it("reads by a model's taxonomy in the model's order, whatever the order of the columns", async () => {
    const csv = 'warna,note,id,jenis\n3,good,1,1\nputih,bad,2,0\n';
    const source = await folderWith({ 'train.csv': csv, ...(await trainPhotos(2)) });
    const dataset = await openDataset({ source, taxonomy: garments });
    expect(dataset.taxonomy).toEqual(garments);
    expect(rows(dataset)).toEqual([
      ['1', 'train/1.jpg', [1, 3]],
      ['2', 'train/2.jpg', [0, 4]],
    ]);
  });

  it('takes the id column and the values from a schema elsewhere', async () => {
    const folder = await folderWith({
      'data/train.csv': 'cut,file\nL,1\nS,2\n',
      'data/train/1.jpg': await jpeg(1),
      'data/train/2.jpg': await jpeg(2),
      'my.yaml': 'id: file\nattributes:\n  cut:\n    values: {S: short, M: medium, L: long}\n',
    });
    const dataset = await openDataset({ source: join(folder, 'data'), schema: join(folder, 'my.yaml') });
    expect(rows(dataset)).toEqual([
      ['1', 'train/1.jpg', [2]],
      ['2', 'train/2.jpg', [0]],
    ]);
  });

  it('finds photos without an extension, behind links, in folders of their own, beside captions', async () => {
    const source = await folderWith({
      'train.csv': 'id,a\nbare,x\nlinked,x\ndeep,y\nv1.2,y\n',
      'train/bare': await jpeg(1),
      'elsewhere/photo.jpg': await jpeg(2),
      'train/some/where/deep.JPG': await jpeg(3),
      'train/some/where/deep.txt': 'a caption',
      'train/v1.2.jpeg': await jpeg(4),
    });
    await mkdir(join(source, 'train'), { recursive: true });
    await symlink(join(source, 'elsewhere/photo.jpg'), join(source, 'train/linked.jpg'));
    expect(rows(await openDataset({ source })).map(([, name]) => name)).toEqual([
      'train/bare',
      'train/linked.jpg',
      'train/some/where/deep.JPG',
      'train/v1.2.jpeg',
    ]);
  });

  it('takes an attribute with one value and a class with one photo', async () => {
    const source = await folderWith({ 'train.csv': 'id,a,b\n1,x,p\n2,x,q\n3,x,p\n', ...(await trainPhotos(3)) });
    const dataset = await openDataset({ source });
    expect(codes(dataset)).toEqual([
      ['a', ['x']],
      ['b', ['p', 'q']],
    ]);
    expect(dataset.photos).toHaveLength(3);
  });
});
