import { analysisSchema, type Attribute } from '@busana/contracts';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { analyzeDataset } from '../../src/analyze/analyze.ts';
import { findingTables } from '../../src/analyze/findings.ts';
import { analysisLines } from '../../src/analyze/lines.ts';
import { writeAnalysis } from '../../src/analyze/write-analysis.ts';
import type { Dataset } from '../../src/data/dataset.ts';
import { garments } from '../../src/taxonomy/builtin.ts';
import { takePhoto } from '../../src/wardrobe/photo.ts';
import type { ColourName } from '../../src/wardrobe/colours.ts';
import { folderWith } from '../support/temporary.ts';

/** Drawn T-shirts of some colours, with labels that may say something else; one without a label, one of the test set. */
async function drawn(given: readonly (readonly [ColourName, string | undefined])[]): Promise<Dataset> {
  const files: Record<string, Buffer> = {};
  for (const [index, [colour]] of [...given, ['red'] as const].entries()) {
    const { data, width, height } = await takePhoto({ type: 'T-shirt', colour }, 160, ['analysis', index]);
    files[`${index}.png`] = await sharp(data, { raw: { width, height, channels: 3 } })
      .png()
      .toBuffer();
  }
  const folder = await folderWith(files);
  const photo = (index: number) => {
    const name = `${index}.png`;
    return { id: String(index), name, location: { kind: 'file', path: join(folder, name) } } as const;
  };
  const warna = garments.attributes[1]!;
  return {
    source: folder,
    taxonomy: garments,
    photos: given.map(([, label], index) => ({
      ...photo(index),
      row: index + 2,
      targets: [0, positionOf(warna, label)],
    })),
    test: [photo(given.length)],
    dropped: [],
  };
}

function positionOf({ values }: Attribute, label: string | undefined): number {
  return values.findIndex(({ names }) => names['en'] === label);
}

describe('colours of garments', () => {
  it('are named, counted, and held against the labels', async () => {
    const dataset = await drawn([
      ['red', 'red'],
      ['blue', 'blue'],
      ['yellow', 'black'],
      ['black', 'black'],
      ['blue', undefined],
    ]);
    const cache = await folderWith({});
    const analysis = await analyzeDataset(dataset, { files: true, cache });
    expect(analysisSchema.parse(analysis)).toEqual(analysis);
    const colours = analysis.colours!;
    expect(colours.names.reduce((sum, { photos }) => sum + photos, 0)).toBe(6);
    expect(colours.photos.map(({ photo }) => photo.test)).toEqual([false, false, false, false, false, true]);
    for (const { colours: ofOne } of colours.photos) {
      expect(new Set(ofOne.map(({ en }) => en)).size).toBe(ofOne.length);
      expect(ofOne[0]!.share).toBe(Math.max(...ofOne.map(({ share }) => share)));
    }
    expect(colours.attributes).toMatchObject([{ name: 'warna', photos: 4, agreeing: 3 }]);
    const [red, yellow, blue, black] = ['red', 'yellow', 'blue', 'black'].map((label) => positionOf(garments.attributes[1]!, label)); // prettier-ignore
    const { counts } = colours.attributes[0]!;
    expect([counts[red!]![red!], counts[blue!]![blue!], counts[black!]![yellow!], counts[black!]![black!]]).toEqual([1, 1, 1, 1]); // prettier-ignore
    expect(colours.doubts).toMatchObject([
      { photo: { name: '2.png', row: 4 }, attribute: 'warna', given_label: 'black', suggested_label: 'yellow' },
    ]);
    expect(colours.doubts[0]!.suggested_share).toBeGreaterThan(0.5);
    expect(analysisLines(analysis)).toContain('warna: the pixels agree with 3 of 4 labels (75.0 %)');
    // What is kept gives the same answers as what was read.
    expect((await analyzeDataset(dataset, { files: true, cache })).colours).toEqual(colours);

    const out = await writeAnalysis(join(cache, 'out'), analysis, dataset);
    const csv = await readFile(join(out, 'garment-colours.csv'), 'utf8');
    expect(csv).toMatch(/^image,row,rank,colour,warna,hex,share\n0\.png,2,1,[a-z ]+,[a-z -]+,#[0-9a-f]{6},0\.\d{4}\n/);
    expect(await readFile(join(out, 'findings/colour-labels.csv'), 'utf8')).toMatch(/^image,row,.*\n2\.png,4,warna,/);
    expect(await readdir(join(out, 'plots'))).toContain('garment-colours.json');
    expect(await readFile(join(out, 'report.html'), 'utf8')).toMatch(
      /2\.png \(row 4\): warna black, \d+ % of it rather yellow/,
    );
  });

  it('are not looked for without files, nor held against labels that are no colours', async () => {
    const dataset = await drawn([['red', 'red']]);
    expect((await analyzeDataset(dataset)).colours).toBeNull();
    const taxonomy = {
      ...garments,
      attributes: garments.attributes.map((one) => ({ ...one, kind: 'other' as const })),
    };
    const analysis = await analyzeDataset({ ...dataset, taxonomy }, { files: true, cache: await folderWith({}) });
    expect(analysis.colours).toMatchObject({ attributes: [], doubts: [] });
    expect(findingTables(analysis).map(({ name }) => name)).not.toContain('colour-labels');
  });
});
