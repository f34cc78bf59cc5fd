/** @file The figures of results/2026-11-25-doubtful-photos.md, on the photos beside the repository. */
import { trainingConfigSchema } from '@busana/contracts';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { classMeans, distanceTo } from '../../src/artifact/familiarity.ts';
import { loadModel, type Model } from '../../src/artifact/model.ts';
import { colourOpinion, heardTogether, type ColourOpinion } from '../../src/colour/opinion.ts';
import { readColours } from '../../src/colour/reading.ts';
import { readImageBytes } from '../../src/data/bytes.ts';
import { readTable } from '../../src/data/csv.ts';
import type { ImageLocation, LabelledPhoto } from '../../src/data/dataset.ts';
import { openDataset } from '../../src/data/open.ts';
import { preparePicture } from '../../src/image/resize.ts';
import { garments } from '../../src/taxonomy/builtin.ts';
import { train } from '../../src/train/train.ts';
import { sharedData } from '../support/shared-data.ts';

const weights = join(sharedData ?? '', '../models/efficientnet-lite1.pth');
const foreignTypes: Readonly<Record<string, readonly string[]>> = {
  shoes: ['Casual Shoes', 'Sports Shoes', 'Formal Shoes', 'Heels'],
  bags: ['Handbags', 'Backpacks'],
  watches: ['Watches'],
  trousers: ['Trousers', 'Jeans', 'Track Pants'],
};
/** Products of each type, the first in the table. */
const PER_TYPE = 25;

/** Area under the ROC curve: the share of pairs in which the foreign photo is farther (Mann and Whitney 1947). */
function auroc(familiar: readonly number[], foreign: readonly number[]): number {
  const farther = foreign.reduce(
    (sum, far) => sum + familiar.reduce((count, near) => count + (far > near ? 1 : far === near ? 0.5 : 0), 0),
    0,
  );
  return farther / (familiar.length * foreign.length);
}

describe.skipIf(sharedData === undefined)('doubtful photos of the competition', () => {
  const data = join(sharedData ?? '', 'hology');
  let folder: string;
  let model: Model;
  let photos: readonly LabelledPhoto[];
  let predictions: ReadonlyMap<string, ReadonlyMap<string, string>>;
  let opinions: readonly ColourOpinion[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'busana-doubtful-'));
    const config = trainingConfigSchema.parse({ model: 'efficientnet_lite1', weights, freeze: true, folds: 5 });
    const run = await train({
      data: { source: data },
      config,
      project: folder,
      cache: join(folder, 'cache'),
      dryRun: false,
      emit: () => undefined,
    });
    model = await loadModel(run.folder);
    ({ photos } = await openDataset({ source: data, verifyImages: false }));
    const { header, rows } = readTable(await readFile(join(run.folder, 'predictions.csv')), 'predictions.csv');
    predictions = new Map(
      rows.map(({ cells }) => {
        const row = new Map(header.map((name, index) => [name, cells[index]!]));
        return [row.get('image')!, row] as const;
      }),
    );
    const found: ColourOpinion[] = [];
    for (const { location } of photos) {
      const picture = await preparePicture(await readImageBytes(location), 224);
      found.push(colourOpinion(readColours(picture), garments.attributes[1]!)!);
    }
    opinions = found;
  });
  afterAll(async () => {
    await model.release();
    await rm(folder, { recursive: true, force: true });
  });

  it('the pixels alone agree with the colour label', () => {
    const agreed = photos.filter(({ targets }, index) => opinions[index]!.value === targets[1]).length;
    console.log(`agreement ${agreed} of ${photos.length}`);
    expect(agreed / photos.length).toBeGreaterThanOrEqual(0.85);
  });

  it('heard together with a network, they find its errors among the most doubtful tenth', () => {
    const judged = photos.map(({ name, targets }, index) => {
      const row = predictions.get(name)!;
      const probabilities = [0, 1, 2, 3, 4].map((code) => Number(row.get(`warna=${code}`)));
      const predicted = probabilities.indexOf(Math.max(...probabilities));
      const heard = heardTogether(probabilities, opinions[index]!);
      return { wrong: predicted !== targets[1], alone: probabilities[predicted]!, together: heard[predicted]! };
    });
    const errors = judged.filter(({ wrong }) => wrong).length;
    const tenth = Math.floor(judged.length / 10);
    const found = (key: 'alone' | 'together') =>
      judged.toSorted((a, b) => a[key] - b[key]).slice(0, tenth).filter(({ wrong }) => wrong).length; // prettier-ignore
    console.log(
      `of ${errors} colour errors: alone ${found('alone')}, together ${found('together')} in ${tenth} photos`,
    );
    expect(found('together')).toBeGreaterThanOrEqual(errors / 2);
  });

  it('shoes, bags, watches and trousers are farther than photos of other folds', async () => {
    const [size] = model.sizes as [number];
    const embed = async (location: ImageLocation): Promise<Float32Array> => {
      const { data } = await preparePicture(await readImageBytes(location), size);
      return (await model.answer([data], 1))['embedding']!;
    };
    const own: Float32Array[] = [];
    for (const { location } of photos) own.push(await embed(location));
    const products = join(sharedData!, 'catalogue');
    const { header, rows } = readTable(await readFile(join(products, 'products.csv')), 'products.csv');
    const [id, type] = [header.indexOf('id'), header.indexOf('articleType')];
    const foreign: { readonly kind: string; readonly embedding: Float32Array }[] = [];
    for (const [kind, types] of Object.entries(foreignTypes)) {
      for (const wanted of types) {
        for (const { cells } of rows.filter(({ cells }) => cells[type] === wanted).slice(0, PER_TYPE)) {
          const path = join(products, 'images', `${cells[id]!}.jpg`);
          foreign.push({ kind, embedding: await embed({ kind: 'file', path }) });
        }
      }
    }
    const areas: number[] = [];
    for (let fold = 1; fold <= 5; fold += 1) {
      const inFold = photos.map(({ name }) => Number(predictions.get(name)!.get('fold')) === fold);
      const known = photos.flatMap((photo, index) => (inFold[index] === true ? [] : [{ photo, index }]));
      const means = classMeans(
        known.map(({ index }) => own[index]!),
        known.map(({ photo }) => photo.targets.join()),
        64,
      );
      const held = own.filter((_, index) => inFold[index]).map((embedding) => distanceTo(means, embedding));
      const far = foreign.map(({ embedding }) => distanceTo(means, embedding));
      areas.push(auroc(held, far));
    }
    console.log(
      `AUROC of ${foreign.length} foreign products by fold: ${areas.map((area) => area.toFixed(4)).join(' ')}`,
    );
    expect(Math.min(...areas)).toBeGreaterThanOrEqual(0.97);
  });
});
