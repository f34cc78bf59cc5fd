/** @file `busana evaluate`: one model, and one against another, with everything that is written. */
import { metricsSchema, verdictSchema } from '@busana/contracts';
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadModel } from '../../src/artifact/model.ts';
import { classifyPhotos } from '../../src/predict/classify.ts';
import { evaluateModel } from '../../src/predict/evaluate-model.ts';
import { drawShapes } from '../support/garments.ts';
import { randomArtifact } from '../support/random-artifact.ts';

const PHOTOS = 48;
let folder: string;
let good: string;
let poor: string;

/** What a model of random weights says of drawn photos is taken for true; the other model says the opposite type. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'busana-evaluate-'));
  [good, poor] = [join(folder, 'good.onnx'), join(folder, 'poor.onnx')];
  await writeFile(good, (await randomArtifact({ model: 'cnn', imageSize: 32 })).bytes);
  const opposite = (name: string, values: Float32Array): void => {
    if (name.startsWith('heads.jenis')) values.forEach((value, index) => (values[index] = -value));
  };
  await writeFile(poor, (await randomArtifact({ model: 'cnn', imageSize: 32 }, opposite)).bytes);
  await drawShapes(join(folder, 'photos'), { count: PHOTOS });
  const model = await loadModel(good);
  const photos = Array.from({ length: PHOTOS }, (_, index) => {
    const path = join(folder, `photos/train/${index + 1}.png`);
    return { id: String(index + 1), name: path, location: { kind: 'file' as const, path } };
  });
  const rows: string[][] = [];
  for await (const { attributes } of classifyPhotos(model, photos)) {
    rows.push([String(rows.length + 1), ...attributes.map(({ code }) => code)]);
  }
  await model.release();
  // Photo 49 is a copy of photo 1, photo 2 has a wrong type, photo 3 no colour.
  await copyFile(join(folder, 'photos/train/1.png'), join(folder, `photos/train/${PHOTOS + 1}.png`));
  rows.push([String(PHOTOS + 1), ...rows[0]!.slice(1)]);
  rows[1]![1] = rows[1]![1] === '0' ? '1' : '0';
  rows[2]![2] = '';
  const table = ['id,jenis,warna', ...rows.map((cells) => cells.join())];
  await writeFile(join(folder, 'photos/train.csv'), `${table.join('\n')}\n`);
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const data = () => ({ source: join(folder, 'photos') });

describe('evaluate', () => {
  it('measures, tells and writes all of it', async () => {
    const out = join(folder, 'out');
    const { metrics, summary, tables } = await evaluateModel({ models: [good], data: data(), out, threads: 1 });
    expect(metrics.emr).toMatchObject({ n: PHOTOS });
    // All but photo 2.
    expect(metrics.emr.value).toBe(47 / 48);
    // Nor the copy, nor photo 25: photo 3 in another colour.
    expect(metrics.emr_without_twins!.n).toBe(PHOTOS - 2);
    expect(metrics.calibration).not.toHaveProperty('scaling');
    const codes = metrics.mistakes[0]!.attributes['jenis']!;
    expect(metrics.mistakes.map(({ image }) => image)).toEqual([expect.stringMatching(/\b2\.png$/)]);
    expect(codes.truth).not.toBe(codes.predicted);
    expect(summary.join('\n')).toMatch(
      /^EMR 0\.\d+ .*48 photos\)\nBootstrap .*\nWithout copies and twins .*46 photos\)\n/,
    );
    expect(summary.at(-2)).toBe(`Advice: ${metrics.advice}`);
    expect(tables.map(({ title }) => title.split(',')[0])).toEqual([
      'jenis',
      'warna',
      'what to accept without review',
      'most confident mistakes',
    ]);
    const written = join(out, 'evaluation');
    expect(summary.at(-1)).toContain(join(written, 'report.html'));
    const json: unknown = JSON.parse(await readFile(join(written, 'metrics.json'), 'utf8'));
    expect(metricsSchema.parse(json)).toEqual(metrics);
    const plots = (await readdir(join(written, 'plots'))).filter((name) => name.endsWith('.svg')).sort();
    const confusion = ['combination', 'jenis', 'warna'].map((name) => `confusion-${name}.svg`);
    const reliability = ['-jenis', '-warna', ''].map((name) => `reliability${name}.svg`);
    expect(plots).toEqual([...confusion, ...reliability, 'risk-coverage.svg']);
    const report = await readFile(join(written, 'report.html'), 'utf8');
    expect(report).toMatch(
      /<img src="data:image\/jpeg[^>]*><figcaption>[^<]*2\.png: (T-shirt|hoodie), [a-z]+; read as (T-shirt|hoodie) \(/,
    );
    expect(report).toContain(metrics.advice);
    expect((await readFile(join(written, 'predictions.csv'), 'utf8')).trim().split('\n')).toHaveLength(PHOTOS + 2);
  });

  it('puts two models side by side on the same photos', async () => {
    const out = join(folder, 'two');
    const request = { models: [poor], against: [good], data: data(), out, threads: 1 };
    const { metrics, verdict, summary } = await evaluateModel(request);
    expect(verdict).toMatchObject({ best: good, n: PHOTOS, significant: true });
    expect(metrics.emr.value).toBeLessThan(0.1);
    const [{ rival, rival_emr, emr_difference }] = verdict!.comparisons as [
      (typeof verdict & object)['comparisons'][0],
    ];
    expect([rival, rival_emr]).toEqual([poor, metrics.emr.value]);
    expect(emr_difference.value).toBeCloseTo(verdict!.emr - rival_emr, 12);
    expect(emr_difference.low).toBeGreaterThan(0);
    expect(summary).toContain(verdict!.sentence);
    const json: unknown = JSON.parse(await readFile(join(out, 'evaluation', 'verdict.json'), 'utf8'));
    expect(verdictSchema.parse(json)).toEqual(verdict);
    const lines = (await readFile(join(out, 'evaluation', 'predictions.csv'), 'utf8')).trim().split('\n').slice(1);
    expect(new Set(lines.map((line) => line.split(',')[0]))).toEqual(new Set([good, poor]));
  });

  it('refuses to put models of different attributes side by side', async () => {
    const other = join(folder, 'other.onnx');
    const bytes = await readFile(good);
    // Of the same length, so that the file stays whole: another name for an attribute.
    const text = bytes.toString('latin1').replaceAll('warna', 'warno');
    await writeFile(other, Buffer.from(text, 'latin1'));
    const request = evaluateModel({ models: [good], against: [other], data: data(), threads: 1 });
    await expect(request).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining(other) as string,
    });
  });
});
