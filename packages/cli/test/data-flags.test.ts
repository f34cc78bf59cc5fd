/** @file Flags that say what the data are, through the real binary. */
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawWardrobe } from '@busana/vision';
import { runBinary } from './support/binary.ts';

const fast = ['--image-size', '32', '--batch', '12', '--epochs', '1', '--threads', '1'];
let folder: string;

const busana = (...args: string[]) => runBinary(folder, args);

/** Rows of a CSV without quotes, the header left out. */
async function csvRows(...path: string[]): Promise<string[][]> {
  const text = await readFile(join(folder, ...path), 'utf8');
  return text.trim().split('\n').slice(1).map((line) => line.split(',')); // prettier-ignore
}

/** 24 photos in groups of four by `who`, a frequent and two rare values of `size`; and the same photos as two sources. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'busana-data-'));
  await drawWardrobe(join(folder, 'drawn'), { count: 24, test: 0, seed: 0, size: 48 });
  await mkdir(join(folder, 'photos'));
  const rows = await csvRows('drawn', 'train.csv');
  const files = await readdir(join(folder, 'drawn', 'train'));
  for (const name of files) await copyFile(join(folder, 'drawn', 'train', name), join(folder, 'photos', name));
  const line = ([id, jenis]: readonly string[], index: number): string =>
    [id, `sender${index % 6}`, jenis, ['m', 'm', 'm', 'l', 's'][index % 5]].join(',');
  const table = (header: string, lines: readonly string[]): string => `${[header, ...lines].join('\n')}\n`;
  const lines = rows.map(line);
  await writeFile(join(folder, 'photos', 'all.csv'), table('id,who,jenis,size', lines));
  await writeFile(join(folder, 'photos', 'first.csv'), table('id,who,jenis,size', lines.slice(0, 12)));
  const second = lines.slice(12).map((text) => text.split(',').slice(0, 3).join(','));
  await writeFile(join(folder, 'photos', 'second.csv'), table('id,who,jenis', second));
  const sources = ['first.csv, group: who', 'second.csv, group: who'].map((text) => `- { data: photos/${text} }\n`);
  await writeFile(join(folder, 'sources.yaml'), sources.join(''));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('--attributes and --group', () => {
  it('choose columns, of one the most frequent values', async () => {
    const data = ['--data', 'photos/all.csv', '--group', 'who'];
    const { code, stdout, stderr } = await busana('analyze', ...data, '--attributes', 'size:1, jenis', '--json');
    expect([code, /^error /m.test(stderr)]).toEqual([0, false]);
    expect(JSON.parse(stdout)).toMatchObject({
      photos: 24,
      attributes: [
        { name: 'size', values: [{ code: 'm', count: 15 }], missing: 9 },
        { name: 'jenis', missing: 0 },
      ],
    });
  });

  it('keep photos of a group in one fold, and are kept with the run', async () => {
    const flags = ['--attributes', 'jenis', '--group', 'who', '--folds', '3', '--name', 'grouped'];
    expect((await busana('train', '--data', 'photos/all.csv', ...flags, ...fast)).code).toBe(0);
    const senderOf = new Map((await csvRows('photos', 'all.csv')).map(([id, who]) => [id, who]));
    const folds = new Map<string, Set<string>>();
    for (const [image, fold, , reason] of await csvRows('runs', 'grouped', 'splits.csv')) {
      const who = senderOf.get(image!.replace(/\.[a-z]+$/, ''))!;
      folds.set(who, (folds.get(who) ?? new Set()).add(fold!));
      expect(reason).toContain(`of the group ${who}`);
    }
    expect([...folds.values()].map(({ size }) => size)).toEqual([1, 1, 1, 1, 1, 1]);
    const config = await readFile(join(folder, 'runs', 'grouped', 'config.yaml'), 'utf8');
    expect(config).toMatch(/group: who\n/);
  });
});

describe('a file of sources as --data', () => {
  it('is analysed, trained on, compared on and measured on as one data set', async () => {
    const analysis = await busana('analyze', '--data', 'sources.yaml', '--json');
    expect(JSON.parse(analysis.stdout)).toMatchObject({
      photos: 24,
      fully_labelled: 12,
      attributes: [{ name: 'jenis', missing: 0 }, { name: 'size', missing: 12 }], // prettier-ignore
    });
    const train = await busana('train', '--data', 'sources.yaml', '--folds', '2', '--name', 'both', ...fast);
    expect([train.code, train.stderr]).toEqual([0, expect.not.stringContaining('error')]);
    const names = (await csvRows('runs', 'both', 'splits.csv')).map(([image]) => image!.split('/')[0]);
    expect(names).toEqual([...new Array<string>(12).fill('first'), ...new Array<string>(12).fill('second')]);
    const evaluate = await busana('evaluate', 'runs/both', '--data', 'sources.yaml', '--json');
    expect(evaluate.code).toBe(0);
    expect(JSON.parse(evaluate.stdout)).toMatchObject({ emr: { n: 12 } });
    const compare = ['compare', '--data', 'sources.yaml', '--folds', '2', '--dry-run', ...fast];
    expect((await busana(...compare)).code).toBe(0);
  });

  it('is refused in words where it is wrong', async () => {
    await writeFile(join(folder, 'wrong.yaml'), '- { data: photos/all.csv, id: photo }\n- { data: nowhere.csv }\n');
    const { code, stderr } = await busana('analyze', '--data', 'wrong.yaml');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error DATA_INVALID: wrong\.yaml has 2 problems\n/);
    expect(stderr).toMatch(/all\.csv: .* has no column 'photo'/);
    expect(stderr).toMatch(/nowhere\.csv: .* does not exist/);
  });
});
