import { analysisSchema, type Attribute } from '@busana/contracts';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { analyzeDataset } from '../../src/analyze/analyze.ts';
import type { Dataset, ImageLocation, Targets } from '../../src/data/dataset.ts';

const attribute = (name: string, values: readonly string[]): Attribute => ({
  name,
  titles: { en: name },
  kind: 'other',
  values: values.map((label, code) => ({ code: String(code), names: { en: label }, aliases: [] })),
});

const jenis = attribute('jenis', ['T-shirt', 'hoodie']);
const warna = attribute('warna', ['red', 'yellow', 'blue', 'black', 'white']);

function datasetOf(
  attributes: Attribute[],
  targets: readonly Targets[],
  names?: readonly string[],
  folder = '',
): Dataset {
  return {
    source: 'made-up',
    taxonomy: { id: 'id', attributes },
    photos: targets.map((photo, index) => {
      const name = names?.[index] ?? `${index}.jpg`;
      return {
        id: String(index),
        name,
        location: { kind: 'file', path: join(folder, name) },
        row: index + 2,
        targets: photo,
      };
    }),
    test: [],
    dropped: [],
  };
}

/** Photos that fill a contingency table. */
function photosOf(counts: readonly (readonly number[])[]): Targets[] {
  return counts.flatMap((row, i) => row.flatMap((count, j) => new Array<Targets>(count).fill([i, j])));
}

const STUDY = [
  [80, 71, 103, 131, 91],
  [36, 54, 59, 103, 49],
];

describe('analysis of a data set', () => {
  it("gives the study's table, test and verdict", async () => {
    const analysis = await analyzeDataset(datasetOf([jenis, warna], photosOf(STUDY)));
    expect(analysisSchema.parse(analysis)).toEqual(analysis);
    expect(analysis).toMatchObject({ photos: 777, fully_labelled: 777, test_photos: 0, images: null });
    const [pair] = analysis.pairs;
    expect(pair).toMatchObject({
      rows: 'jenis',
      columns: 'warna',
      row_labels: ['T-shirt', 'hoodie'],
      column_labels: ['red', 'yellow', 'blue', 'black', 'white'],
      counts: STUDY,
      degrees_of_freedom: 4,
      independence_rejected: false,
    });
    expect(pair!.p_value).toBeCloseTo(0.09575142561857845, 12);
    expect(pair!.expected[0]!.map((value) => value.toFixed(3))).toEqual([
      '71.063',
      '76.577',
      '99.243',
      '143.351',
      '85.766',
    ]);
    expect(pair!.verdict).toBe(
      "At alpha 0.05, independence of jenis and warna is not rejected (chi-square 7.8884, 4 degrees of freedom, p = 0.0958, Cramer's V 0.101).",
    );
    expect(pair!.implication).toMatch(/independent labels \(multi-output\)/);
  });

  it('the verdict follows alpha', async () => {
    const { pairs } = await analyzeDataset(datasetOf([jenis, warna], photosOf(STUDY)), { alpha: 0.1 });
    expect(pairs[0]).toMatchObject({ alpha: 0.1, independence_rejected: true });
    expect(pairs[0]!.verdict).toMatch(/^At alpha 0\.1, jenis and warna depend on each other/);
    expect(pairs[0]!.implication).toMatch(/a combined label can use that/);
  });

  it('counts values and missing cells, and tests every pair over photos that have both labels', async () => {
    const size = attribute('size', ['S', 'L']);
    const targets = [
      [0, 0, 0],
      [0, -1, 1],
      [1, 4, -1],
      [-1, 4, 1],
    ];
    const analysis = await analyzeDataset(datasetOf([jenis, warna, size], targets));
    expect(analysis.fully_labelled).toBe(1);
    expect(analysis.attributes.map(({ missing }) => missing)).toEqual([1, 1, 1]);
    expect(analysis.attributes[1]!.values.map(({ count }) => count)).toEqual([1, 0, 0, 0, 2]);
    expect(analysis.pairs.map(({ rows, columns }) => `${rows}-${columns}`)).toEqual([
      'jenis-warna',
      'jenis-size',
      'warna-size',
    ]);
    expect(analysis.pairs[0]!.counts.flat().reduce((sum, count) => sum + count)).toBe(2);
    expect(analysis.pairs[0]!.verdict).toMatch(/Caution: 4 of 4 expected counts are below 5/);
  });

  it('says when there is nothing to test', async () => {
    const analysis = await analyzeDataset(datasetOf([jenis, warna], [[0, 1], [0, 2]])); // prettier-ignore
    expect(analysis.pairs[0]).toMatchObject({ p_value: 1, independence_rejected: false });
    expect(analysis.pairs[0]!.verdict).toMatch(/^Nothing to test/);
    expect((await analyzeDataset(datasetOf([jenis, warna], []))).photos).toBe(0);
    expect((await analyzeDataset(datasetOf([jenis], [[0]]))).pairs).toEqual([]);
  });
});

describe('statistics of the files', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'busana-analyze-'));
    const picture = (width: number, height: number) =>
      sharp({ create: { width, height, channels: 3, background: 'red' } });
    await picture(20, 10).jpeg().toFile(join(folder, 'a.jpg'));
    await writeFile(join(folder, 'b.png'), await picture(30, 10).jpeg().toBuffer());
    await picture(70, 40).png().toFile(join(folder, 'c.PNG'));
    await writeFile(join(folder, 'd.jpg'), 'not a picture');
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('reads the content, not the name', async () => {
    const read = async (location: ImageLocation) => readFile(location.kind === 'file' ? location.path : '');
    const targets = [[0], [0], [1], [1]];
    const { images } = await analyzeDataset(datasetOf([jenis], targets, ['a.jpg', 'b.png', 'c.PNG', 'd.jpg'], folder), {
      read,
    });
    expect(images).toMatchObject({
      images: 3,
      formats: { jpeg: 2, png: 1 },
      misnamed: [{ name: 'b.png', format: 'jpeg' }],
      width: { min: 20, median: 30, max: 70 },
      height: { min: 10, median: 10, max: 40 },
    });
    expect(images!.unreadable.map(({ name }) => name)).toEqual(['d.jpg']);
  });
});
