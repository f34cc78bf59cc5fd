/** @file What is wrong with a data set is found, all at once, with its row; a test per kind of damage. */
import { BusanaError, type Problem } from '@busana/contracts';
import { describe, expect, it } from 'vitest';
import { openDataset } from '../../src/data/open.ts';
import type { DatasetOptions } from '../../src/data/open-one.ts';
import { folderWith, jpeg, trainPhotos } from '../support/temporary.ts';

type Files = Record<string, Buffer | string>;

/** Three good photos and a table of them, some files replaced. */
async function damaged(csv: string, files: Files = {}): Promise<string> {
  return folderWith({ 'train.csv': csv, ...(await trainPhotos(3)), ...files });
}

const GOOD = 'id,jenis,warna\n1,0,0\n2,1,1\n3,0,2\n';

/** What the refusal lists, each problem as `row: message`. */
async function refusal(options: DatasetOptions): Promise<string[]> {
  const error: unknown = await openDataset(options).then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (!(error instanceof BusanaError)) throw new Error('the data set was taken', { cause: error });
  expect(error.code).toBe('DATA_INVALID');
  return error.problems.map(({ row, message }: Problem) => `${row ?? '-'}: ${message}`);
}

describe('a data set with something wrong in it', () => {
  it('is taken when nothing is', async () => {
    const { photos, taxonomy, dropped } = await openDataset({ source: await damaged(GOOD) });
    expect(photos.map(({ id, row, targets, name }) => [id, row, targets, name])).toEqual([
      ['1', 2, [0, 0], 'train/1.jpg'],
      ['2', 3, [1, 1], 'train/2.jpg'],
      ['3', 4, [0, 2], 'train/3.jpg'],
    ]);
    expect(taxonomy.attributes.map(({ kind }) => kind)).toEqual(['shape', 'colour']);
    expect(dropped).toEqual([]);
  });

  it('names the row of a missing image', async () => {
    const source = await damaged(`${GOOD}4,0,0\n`);
    expect(await refusal({ source })).toEqual(["5: there is no image for '4'"]);
  });

  it('names the row of an empty file', async () => {
    const source = await damaged(GOOD, { 'train/2.jpg': '' });
    expect(await refusal({ source })).toEqual(['3: the file is empty']);
  });

  it('names the row of a truncated JPEG', async () => {
    const whole = await jpeg(1);
    const source = await damaged(GOOD, { 'train/2.jpg': whole.subarray(0, whole.length - 60) });
    const problems = await refusal({ source });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^3: it is damaged: /);
  });

  it('names the row of a text that is called .jpg', async () => {
    const source = await damaged(GOOD, { 'train/3.jpg': 'not a picture' });
    expect(await refusal({ source })).toEqual(['4: the content is not a picture']);
  });

  it('names both rows of a duplicate id', async () => {
    const source = await damaged(`${GOOD}2,0,0\n`);
    expect(await refusal({ source })).toEqual(["5: the id '2' stands in row 3 already"]);
  });

  it('sees through a duplicate id that is written differently', async () => {
    const source = await damaged(`${GOOD}2.jpg,0,0\n`);
    expect(await refusal({ source })).toEqual(['5: the image train/2.jpg is that of row 3 already']);
  });

  it('names an unknown value and its attribute', async () => {
    const source = await damaged('id,jenis,warna\n1,0,green\n2,1,1\n3,7,2\n');
    expect(await refusal({ source })).toEqual(["2: 'green' is no value of warna", "4: '7' is no value of jenis"]);
  });

  it('names a row with too few or too many cells', async () => {
    const source = await damaged('id,jenis,warna\n1,0\n2,1,1\n3,0,2,5\n');
    expect(await refusal({ source })).toEqual([
      '2: the row has 2 cells, the header 3',
      '4: the row has 4 cells, the header 3',
    ]);
  });

  it('names a row without an id', async () => {
    const source = await damaged('id,jenis,warna\n1,0,0\n,1,1\n3,0,2\n');
    expect(await refusal({ source })).toEqual(['3: the id is empty']);
  });

  it('names the files between which an id does not choose', async () => {
    const source = await damaged(GOOD, { 'train/2.png': await jpeg(1) });
    expect(await refusal({ source })).toEqual(["3: several images are called '2': train/2.jpg, train/2.png"]);
  });

  it('lists everything at once, in the order of the rows', async () => {
    const source = await damaged('id,jenis,warna\n1,0,0\n9,0,0\n2,1\n3,0,8\n2,0,9\n', { 'train/1.jpg': '' });
    const problems = await refusal({ source });
    expect(problems).toEqual([
      "3: there is no image for '9'",
      '4: the row has 2 cells, the header 3',
      "5: '8' is no value of warna",
      "6: '9' is no value of warna",
      '2: the file is empty',
    ]);
  });

  it('drops what is bad when asked, and says what', async () => {
    const source = await damaged(`${GOOD}4,0,0\n`, { 'train/1.jpg': '' });
    const { photos, dropped } = await openDataset({ source, skipBad: true });
    expect(photos.map(({ id }) => id)).toEqual(['2', '3']);
    expect(dropped.map(({ row, message }) => `${row}: ${message}`)).toEqual([
      "5: there is no image for '4'",
      '2: the file is empty',
    ]);
  });

  it('is refused all the same when nothing is left', async () => {
    const source = await damaged('id,jenis,warna\n7,0,0\n');
    expect(await refusal({ source, skipBad: true })).toEqual(["2: there is no image for '7'"]);
  });
});

describe('a table as a whole', () => {
  it.each([
    ['is empty', '\n\n', /is empty/],
    ['has no attribute', 'id\n1\n', /has no column besides 'id'/],
    ['has a column twice', 'id,a,a\n1,0,0\n', /has two columns 'a'/],
    ['has a column without a name', 'id,,a\n1,0,0\n', /has a column without a name/],
    ['has a column without a value', 'id,a,b\n1,,0\n', /the column 'a' is empty/],
    ['has a quote that never ends', 'id,a\n1,"0\n', /is not a readable CSV/],
  ])('is refused when it %s', async (_, csv, message) => {
    const source = await damaged(csv);
    await expect(openDataset({ source })).rejects.toThrow(message);
    await expect(openDataset({ source })).rejects.toMatchObject({ code: 'DATA_INVALID' });
  });

  it('is refused when it is not text', async () => {
    const source = await folderWith({
      'train.csv': Buffer.from([0x69, 0x64, 0x2c, 0xe9, 0x0a]),
      ...(await trainPhotos(1)),
    });
    await expect(openDataset({ source })).rejects.toThrow(/is not UTF-8 text/);
  });

  it('says which columns there are when one is asked for that is not', async () => {
    const source = await damaged(GOOD);
    await expect(openDataset({ source, attributes: ['size'] })).rejects.toThrow(
      /has no column 'size'; it has id, jenis, warna/,
    );
  });

  it.each([
    ['does not exist', 'nowhere', /does not exist/],
    ['holds nothing', '', /has neither a train.csv nor a folder of photos per class/],
  ])('is not found when the source %s', async (_, name, message) => {
    const source = `${await folderWith()}/${name}`;
    await expect(openDataset({ source })).rejects.toThrow(message);
    await expect(openDataset({ source })).rejects.toMatchObject({ code: 'DATA_NOT_FOUND' });
  });

  it('is no data set without photos', async () => {
    const source = await folderWith({ 'train.csv': GOOD });
    await expect(openDataset({ source })).rejects.toThrow(/neither train\/ nor train.zip/);
  });
});
