/** @file Finished runs, compared by the files they left. */
import { metricsSchema, verdictSchema } from '@busana/contracts';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compareRuns } from '../../src/train/compare-runs.ts';
import { heldOutCsv } from '../../src/train/held-out.ts';
import { folderWith } from '../support/temporary.ts';

const taxonomy = {
  id: 'id',
  attributes: [
    { name: 'type', titles: {}, kind: 'shape' as const, values: ['tee', 'hoodie'].map(value) },
    { name: 'colour', titles: {}, kind: 'colour' as const, values: ['red', 'blue', 'dark, green'].map(value) },
  ],
};

function value(code: string) {
  return { code, names: { en: code }, aliases: [] };
}

/** Photo, its labels, and what an arm says: likelihood of a hoodie, and of each colour. */
type Row = readonly [name: string, type: number, colour: number, hoodie: number, colours: readonly number[]];

const first: readonly Row[] = [
  ['a.jpg', 0, 0, 0.1, [0.9, 0.1, 0]],
  ['b.jpg', 0, 2, 0.75, [0.2, 0.1, 0.7]],
  ['c.jpg', 1, 1, 0.9, [0.5, 0.4, 0.1]],
  ['d.jpg', 1, -1, 0.8, [0.2, 0.2, 0.6]],
];
const second: readonly Row[] = [
  ['c.jpg', 1, 1, 0.6, [0.25, 0.75, 0]],
  ['a.jpg', 0, 0, 0.25, [0.25, 0.5, 0.25]],
  ['d.jpg', 1, -1, 0.5, [0.2, 0.2, 0.6]],
  ['b.jpg', 0, 2, 0.125, [0.25, 0.25, 0.5]],
];

function predictions(rows: readonly Row[], arms: readonly string[] = ['cnn']): string {
  const photos = rows.map(([name, type, colour]) => ({ name, targets: [type, colour] }));
  const heldOut = {
    photos: rows.map((_, index) => index),
    folds: rows.map((_, index) => index % 2),
    probabilities: [
      Float32Array.from(rows.flatMap(([, , , hoodie]) => [1 - hoodie, hoodie])),
      Float32Array.from(rows.flatMap(([, , , , colours]) => colours)),
    ],
  };
  return heldOutCsv(
    arms.map((arm) => ({ ...heldOut, arm })),
    photos,
    taxonomy,
  );
}

async function runsWith(...files: readonly string[]): Promise<{ project: string; runs: string[] }> {
  const names = files.map((_, index) => `run${index + 1}`);
  const project = await folderWith(
    Object.fromEntries(
      files.flatMap((file, index) => [
        [`${names[index]!}/config.yaml`, 'command: train\n'],
        [`${names[index]!}/predictions.csv`, file],
      ]),
    ),
  );
  return { project, runs: names.map((name) => join(project, name)) };
}

describe('finished runs', () => {
  it('are compared photo by photo, whatever their order, and measured together', async () => {
    const request = await runsWith(predictions(first), predictions(second));
    const result = await compareRuns({ ...request, name: 'both' });
    // Of the three photos with both labels, the first is right about a, the second about b and c.
    expect(result.arms.map(({ arm, emr }) => [arm, emr.value, emr.n])).toEqual([
      ['run1', 1 / 3, 3],
      ['run2', 2 / 3, 3],
    ]);
    expect(result.verdict).toMatchObject({ best: 'run2', significant: false });
    expect(result.verdict.comparisons[0]).toMatchObject({ only_best_right: 2, only_rival_right: 1 });
    // Averaged: a is red by 0.575, b a T-shirt by 0.5625, c blue by 0.575.
    expect(result.average.emr).toMatchObject({ value: 1, n: 3 });
    expect(result.table.rows.map(([arm, emr]) => [arm, emr])).toEqual([
      ['run1', '0.3333'],
      ['run2', '0.6667'],
      ['average', '1.0000'],
    ]);
    expect(result.summary[0]).toBe(
      'run2 less run1: 33.3 points of EMR (paired bootstrap interval -100.0 to 100.0); only run2 right on 2 photos, only run1 on 1',
    );
    expect(result.summary[1]).toContain('different folds');
    const written = async (name: string) => readFile(join(request.project, 'both', name), 'utf8');
    expect(verdictSchema.parse(JSON.parse(await written('verdict.json')))).toEqual(result.verdict);
    expect(metricsSchema.parse(JSON.parse(await written('average-metrics.json')))).toEqual(result.average);
    const lines = (await written('predictions.csv')).split('\n');
    expect(lines).toHaveLength(1 + 3 * 4 + 1);
    expect(lines.find((line) => line.startsWith('average,0,a.jpg'))).toBe(
      'average,0,a.jpg,tee,tee,0.825000,0.825000,0.175000,red,red,0.575000,0.575000,0.300000,0.125000,0.474375,1',
    );
  });

  it('leave out copies and what has a copy among the photos trained on, as splits.csv groups them', async () => {
    const { project, runs } = await runsWith(predictions(first), predictions(first));
    const splits = (rows: readonly string[]) => ['image,fold,group,reason', ...rows].map((row) => `${row}\n`).join('');
    // The folds of a, b, c, d are 0, 1, 0, 1: c is a copy of a, which is right; e was only trained on and is like b.
    await writeFile(join(runs[0]!, 'splits.csv'), splits(['a.jpg,0,a.jpg,', 'b.jpg,1,b.jpg,', 'c.jpg,0,a.jpg,', 'd.jpg,1,d.jpg,', 'e.jpg,0,b.jpg,'])); // prettier-ignore
    const { average } = await compareRuns({ project, runs });
    expect(average.emr).toMatchObject({ value: 1 / 3, n: 3 });
    expect(average.emr_without_twins).toMatchObject({ value: 1, n: 1 });
    await writeFile(join(runs[0]!, 'splits.csv'), splits(['a.jpg,0,a.jpg,']));
    expect((await compareRuns({ project, runs })).average).not.toHaveProperty('emr_without_twins');
  });

  it('may be of several arms', async () => {
    const { project, runs } = await runsWith(predictions(first, ['cnn', 'resnet18']));
    const { arms, summary } = await compareRuns({ project, runs });
    expect(arms.map(({ arm }) => arm)).toEqual(['run1/cnn', 'run1/resnet18']);
    expect(summary).toEqual([
      'run1/cnn less run1/resnet18: 0.0 points of EMR (paired bootstrap interval 0.0 to 0.0); only run1/cnn right on 0 photos, only run1/resnet18 on 0',
      `comparison: ${project}/compare`,
    ]);
  });

  it('of one name are told apart by their paths', async () => {
    const [one, two] = [await runsWith(predictions(first)), await runsWith(predictions(second))];
    const runs = [...one.runs, ...two.runs];
    const { arms } = await compareRuns({ project: one.project, runs });
    expect(arms.map(({ arm }) => arm)).toEqual(runs);
  });

  it.each([
    ['another photo', predictions(second.map(([name, ...rest]) => [name.replace('a', 'e'), ...rest]))],
    ['fewer photos', predictions(second.slice(1))],
    ['another label', predictions(second.map(([name, , ...rest]) => [name, 1, ...rest]))],
    ['other attributes', predictions(second).replaceAll('colour', 'hue')],
  ])('with %s are refused', async (_, file) => {
    await expect(compareRuns(await runsWith(predictions(first), file))).rejects.toThrow(/held back other .* than/);
  });

  it('must be two at least, finished and whole', async () => {
    await expect(compareRuns(await runsWith(predictions(first)))).rejects.toMatchObject({ code: 'USAGE' });
    const { project, runs } = await runsWith(predictions(first), predictions(second).replaceAll('0.250000', 'often'));
    await expect(compareRuns({ project, runs })).rejects.toMatchObject({
      code: 'DATA_INVALID',
      problems: [{ row: 3, message: "'often' is no probability" }],
    });
    const holed = await runsWith(predictions(first), predictions(second).replaceAll('0.250000', ''));
    await expect(compareRuns(holed)).rejects.toMatchObject({ problems: [{ message: "'' is no probability" }] });
    const strange = await runsWith(
      predictions(first),
      predictions(second).replaceAll(',hoodie,hoodie,', ',cape,hoodie,'),
    );
    await expect(compareRuns(strange)).rejects.toMatchObject({
      problems: [{ message: "'cape' is none of tee, hoodie" }],
    });
    const unfinished = await folderWith({ 'run/config.yaml': 'command: train\n' });
    await expect(compareRuns({ project, runs: [join(unfinished, 'run')] })).rejects.toMatchObject({
      code: 'DATA_NOT_FOUND',
    });
  });
});
