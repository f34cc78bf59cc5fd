import { analysisSchema, type Attribute } from '@busana/contracts';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { analyzeDataset } from '../../src/analyze/analyze.ts';
import { analysisLines } from '../../src/analyze/lines.ts';
import { writeAnalysis } from '../../src/analyze/write-analysis.ts';
import type { Dataset, Targets } from '../../src/data/dataset.ts';

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
    expect(analysis).toMatchObject({ photos: 777, fully_labelled: 777, test_photos: 0, files: null });
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

describe('the files', () => {
  let folder = '';
  const dataset = (): Dataset => {
    const names = ['a.jpg', 'b.png', 'c.PNG', 'd.jpg', 'blue.jpg', 'red.jpg'];
    const labelled = datasetOf([jenis, warna], [[0, 0], [0, 0], [1, 0], [1, 0], [1, 2], [1, -1]], names, folder); // prettier-ignore
    const location = { kind: 'file', path: join(folder, 'a.jpg') } as const;
    return { ...labelled, test: [{ id: '9', name: 'test/9.jpg', location }] };
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'busana-analyze-'));
    /** Shapes that only this picture has, in a colour, on shades without flat parts. */
    const picture = (shapes: string, colour: string, width = 64) =>
      sharp(
        Buffer.from(
          `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="48"><linearGradient id="g" x2=".9" y2=".4"><stop stop-color="#fff"/><stop offset="1" stop-color="#777"/></linearGradient><rect width="100%" height="100%" fill="url(#g)"/><path d="${shapes}" fill="${colour}" opacity=".6"/></svg>`,
        ),
      ).flatten();
    await picture('M5 5L60 10L30 45Z', 'red').jpeg().toFile(join(folder, 'a.jpg'));
    await writeFile(
      join(folder, 'b.png'),
      await picture('M0 0L10 48L20 0ZM30 0L40 48L50 0Z', 'red', 70).jpeg().toBuffer(),
    );
    await picture('M0 40L80 40L80 20L40 30L0 10Z', 'green', 80).png().toFile(join(folder, 'c.PNG'));
    await writeFile(join(folder, 'd.jpg'), 'not a picture');
    await picture('M8 40L32 4L56 40Z', '#0030d0').jpeg().toFile(join(folder, 'blue.jpg'));
    await picture('M8 40L32 4L56 40Z', '#803000').jpeg().toFile(join(folder, 'red.jpg'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('are what their content says, not their name', async () => {
    const analysis = await analyzeDataset(dataset(), { files: true });
    expect(analysisSchema.parse(analysis)).toEqual(analysis);
    expect(analysis.files!.images).toMatchObject({
      images: 6,
      formats: { jpeg: 5, png: 1 },
      misnamed: [{ photo: { name: 'b.png', row: 3, test: false }, format: 'jpeg' }],
    });
    const [width, height, aspect] = analysis.files!.images.measures;
    expect(width).toMatchObject({ name: 'width', min: 64, lower_quartile: 64, median: 64, max: 80 });
    expect(height).toMatchObject({ name: 'height', min: 48, max: 48, histogram: [6], outliers: [] });
    expect(aspect).toMatchObject({ name: 'aspect', min: 64 / 48, max: 80 / 48 });
    expect(analysis.files!.unreadable.map(({ photo }) => photo.name)).toEqual(['d.jpg']);
  });

  it('are searched for duplicates: leaks into the test photos, and labels that differ', async () => {
    const relabelled = dataset();
    const photos = relabelled.photos.map((photo) => (photo.name === 'red.jpg' ? { ...photo, targets: [1, 0] } : photo));
    const { files } = await analyzeDataset({ ...relabelled, photos }, { files: true });
    const named = (name: string, row: number | null): object => ({ name, row, test: row === null });
    expect(files!.duplicates).toMatchObject([
      { first: named('blue.jpg', 6), second: named('red.jpg', 7), kind: 'twin', leak: false, differing: ['warna'] },
      { first: named('a.jpg', 2), second: named('test/9.jpg', null), kind: 'exact', leak: true, differing: [] },
    ]);
    expect(files).toMatchObject({ exact_groups: 1, exact_groups_across: 1 });
    const unlabelled = await analyzeDataset(dataset(), { files: true });
    expect(unlabelled.files!.duplicates[0]).toMatchObject({ first: { name: 'blue.jpg' }, differing: [] });
  });

  it('are left when the work is stopped', async () => {
    const stopped = analyzeDataset(dataset(), { files: true, signal: AbortSignal.abort() });
    await expect(stopped).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });

  it('are told about in lines and in a report', async () => {
    const analysis = await analyzeDataset(dataset(), { files: true });
    const lines = analysisLines(analysis);
    expect(lines[0]).toBe('made-up: 6 labelled photos, 5 with every label, 1 test photos');
    expect(lines).toContain('jenis: T-shirt 2, hoodie 4');
    expect(lines).toContain('warna: red 4, yellow 0, blue 1, black 0, white 0, not labelled 1');
    expect(lines.join('\n')).toMatch(/^T-shirt +2 +0 +0 +0 +0$/m);
    expect(lines).toContain('pairs: 1 of the same pixels, 0 near-duplicates, 1 in another colour');
    expect(lines).toContain('1 pairs across labelled and test photos, 0 duplicates with different labels');

    const out = await writeAnalysis(join(folder, 'out'), analysis, dataset());
    expect(out).toBe(join(folder, 'out'));
    const written = ['analysis.json', 'findings', 'garment-colours.csv', 'plots', 'report.html'];
    expect((await readdir(out)).sort()).toEqual(written);
    const plots = (await readdir(join(out, 'plots'))).filter((name) => name.endsWith('.png'));
    for (const name of ['counts-jenis', 'counts-warna', 'pair-jenis-warna', 'backgrounds', 'width', 'sharpness']) {
      expect(plots).toContain(`${name}.png`);
    }
    expect(plots).not.toContain('height.png');
    expect((await readdir(join(out, 'findings'))).sort()).toEqual([
      'colour-twins.csv',
      'contradictions.csv',
      'exact-duplicates.csv',
      'leaks.csv',
      'measure-outliers.csv',
      'misnamed.csv',
      'near-duplicates.csv',
      'unreadable.csv',
    ]);
    const csv = (name: string): Promise<string> => readFile(join(out, 'findings', `${name}.csv`), 'utf8');
    expect(await csv('misnamed')).toBe('image,row,format\nb.png,3,jpeg\n');
    expect(await csv('leaks')).toMatch(/^first,first_row,.*\na\.jpg,2,test\/9\.jpg,,exact,0,1\.0000,0\.00,yes,\n$/);
    expect(analysisSchema.parse(JSON.parse(await readFile(join(out, 'analysis.json'), 'utf8')))).toEqual(analysis);
    const html = await readFile(join(out, 'report.html'), 'utf8');
    for (const text of [
      'Photos expected',
      'are among the labelled',
      'a.jpg (row 2)',
      'b.png',
      'Nothing speaks',
      'data:image/jpeg',
    ])
      expect(html).toContain(text);
  });
});
