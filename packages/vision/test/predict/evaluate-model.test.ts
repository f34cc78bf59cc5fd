/** @file `busana evaluate`: one model, and one against another, with everything that is written. */
import { metricsSchema, trainingConfigSchema, verdictSchema } from '@busana/contracts';
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evaluateModel } from '../../src/predict/evaluate-model.ts';
import { train } from '../../src/train/train.ts';
import { drawShapes } from '../support/garments.ts';
import { randomArtifact } from '../support/random-artifact.ts';

const PHOTOS = 48;
let folder: string;
let good: string;
let poor: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'busana-evaluate-'));
  await drawShapes(join(folder, 'shapes'), { count: 72 });
  await drawShapes(join(folder, 'other'), { count: PHOTOS, seed: 1 });
  // A copy, a wrong label and a missing one: photo 49 is photo 1, photo 2 is no circle, photo 3 has no colour.
  await copyFile(join(folder, 'other/train/1.png'), join(folder, `other/train/${PHOTOS + 1}.png`));
  const table = join(folder, 'other/train.csv');
  const rows = (await readFile(table, 'utf8')).trim().split('\n');
  rows.push(rows[1]!.replace('1,', `${PHOTOS + 1},`));
  rows[2] = rows[2]!.replace('bar', 'circle');
  rows[3] = rows[3]!.replace(/,[a-z]+$/, ',');
  await writeFile(table, `${rows.join('\n')}\n`);
  const run = (name: string, epochs: number) =>
    train({
      data: { source: join(folder, 'shapes') },
      config: trainingConfigSchema.parse({ imageSize: 32, batch: 12, epochs, val: 0.25, threads: 1, lr: 0.005 }),
      project: join(folder, 'runs'),
      name,
      dryRun: false,
      emit: () => undefined,
    });
  good = (await run('good', 15)).folder;
  poor = (await run('poor', 1)).folder;
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const data = () => ({ source: join(folder, 'other') });

describe('evaluate', () => {
  it('measures, tells and writes all of it', async () => {
    const out = join(folder, 'out');
    const { metrics, summary, tables } = await evaluateModel({ models: [good], data: data(), out, threads: 1 });
    expect(metrics.emr).toMatchObject({ n: PHOTOS });
    expect(metrics.emr.value).toBeGreaterThan(0.8);
    expect(metrics.emr_without_twins!.n).toBe(PHOTOS - 1);
    expect(metrics.calibration).not.toHaveProperty('scaling');
    const wrong = metrics.mistakes.find(({ image }) => image.includes('2.png'))!;
    expect(wrong.attributes['shape']).toMatchObject({ truth: 'circle', predicted: 'bar' });
    expect(summary.join('\n')).toMatch(
      /^EMR 0\.\d+ .*48 photos\)\nBootstrap .*\nWithout copies and twins .*47 photos\)\n/,
    );
    expect(summary.at(-2)).toBe(`Advice: ${metrics.advice}`);
    expect(tables.map(({ title }) => title.split(',')[0])).toEqual([
      'shape',
      'colour',
      'what to accept without review',
      'most confident mistakes',
    ]);
    const written = join(out, 'evaluation');
    expect(summary.at(-1)).toContain(join(written, 'report.html'));
    const json: unknown = JSON.parse(await readFile(join(written, 'metrics.json'), 'utf8'));
    expect(metricsSchema.parse(json)).toEqual(metrics);
    const plots = (await readdir(join(written, 'plots'))).filter((name) => name.endsWith('.svg')).sort();
    expect(plots).toEqual(
      ['confusion-colour', 'confusion-combination', 'confusion-shape', 'reliability', 'reliability-colour', 'reliability-shape', 'risk-coverage'].map((name) => `${name}.svg`), // prettier-ignore
    );
    const report = await readFile(join(written, 'report.html'), 'utf8');
    expect(report).toMatch(/<img src="data:image\/jpeg[^>]*><figcaption>[^<]*2\.png: circle, [a-z]+; read as bar/);
    expect(report).toContain(metrics.advice);
    expect((await readFile(join(written, 'predictions.csv'), 'utf8')).trim().split('\n')).toHaveLength(PHOTOS + 2);
  });

  it('puts two models side by side on the same photos', async () => {
    const out = join(folder, 'two');
    const request = { models: [poor], against: [good], data: data(), out, threads: 1 };
    const { metrics, verdict, summary } = await evaluateModel(request);
    expect(verdict).toMatchObject({ best: 'good', n: PHOTOS, significant: true });
    const [{ rival, rival_emr, emr_difference }] = verdict!.comparisons as [
      (typeof verdict & object)['comparisons'][0],
    ];
    expect([rival, rival_emr]).toEqual(['poor', metrics.emr.value]);
    expect(emr_difference.value).toBeCloseTo(verdict!.emr - rival_emr, 12);
    expect(emr_difference.low).toBeGreaterThan(0);
    expect(summary).toContain(verdict!.sentence);
    const json: unknown = JSON.parse(await readFile(join(out, 'evaluation', 'verdict.json'), 'utf8'));
    expect(verdictSchema.parse(json)).toEqual(verdict);
    const lines = (await readFile(join(out, 'evaluation', 'predictions.csv'), 'utf8')).trim().split('\n').slice(1);
    expect(new Set(lines.map((line) => line.split(',')[0]))).toEqual(new Set(['good', 'poor']));
  });

  it('refuses to put models of different attributes side by side', async () => {
    const other = join(folder, 'garments.onnx');
    await writeFile(other, (await randomArtifact({ model: 'cnn', imageSize: 32 })).bytes);
    const request = evaluateModel({ models: [good], against: [other], data: data(), threads: 1 });
    await expect(request).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining(other) as string }); // prettier-ignore
  });
});
