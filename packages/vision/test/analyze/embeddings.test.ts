/** @file A network asked about drawn photos, some of which have a wrong label. */
import { analysisSchema, trainingConfigSchema } from '@busana/contracts';
import { Random } from '@busana/engine';
import { join } from 'node:path';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { analyzeDataset } from '../../src/analyze/analyze.ts';
import { chooseBackbone } from '../../src/analyze/backbone.ts';
import { openDataset } from '../../src/data/open.ts';
import { train } from '../../src/train/train.ts';
import { drawShapes } from '../support/garments.ts';

let folder: string;
let weights: string;
const cache = (): string => join(folder, 'cache');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'busana-embeddings-'));
  await drawShapes(join(folder, 'learnt'), { count: 96 });
  await drawShapes(join(folder, 'judged'), { count: 120, seed: 1 });
  const config = trainingConfigSchema.parse({ imageSize: 32, batch: 16, epochs: 15, val: 0, threads: 1 });
  const options = { project: join(folder, 'runs'), name: 'run', cache: cache(), dryRun: false, emit: () => undefined };
  const run = await train({ data: { source: join(folder, 'learnt') }, config, ...options });
  weights = join(run.folder, 'model.onnx');
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('labels and photos seen through a network', () => {
  it('are doubted where they were planted, by photo, row and attribute', async () => {
    const dataset = await openDataset({ source: join(folder, 'judged'), verifyImages: false });
    const planted = Random.of('planted').shuffle(dataset.photos.map((_, index) => index)).slice(0, 3); // prettier-ignore
    const photos = dataset.photos.map((photo, index) =>
      planted.includes(index) ? { ...photo, targets: [photo.targets[0]!, (photo.targets[1]! + 1) % 3] } : photo,
    );
    const steps = new Set<string>();
    const options = { backbone: { model: 'cnn', weights, imageSize: 32 }, cache: cache(), threads: 1 };
    const analysis = await analyzeDataset(
      { ...dataset, photos },
      { ...options, onProgress: (step) => steps.add(step) },
    );
    expect(analysisSchema.parse(analysis)).toEqual(analysis);
    const { labels, outliers, backbone } = analysis.embeddings!;
    expect(backbone).toEqual({ architecture: 'cnn', weights: 'model.onnx', image_size: 32 });
    const colours = labels!.suspicions.filter(({ attribute }) => attribute === 'colour').slice(0, 3);
    expect(colours.map(({ photo }) => photo.name).sort()).toEqual(planted.map((index) => photos[index]!.name).sort());
    const [first] = colours;
    const photo = photos.find(({ name }) => name === first!.photo.name)!;
    expect(first!.photo).toEqual({ name: photo.name, row: photo.row, test: false });
    const values = dataset.taxonomy.attributes[1]!.values;
    expect(first!.given).toBe(values[photo.targets[1]!]!.code);
    expect(first!.suggested).toBe(values[(photo.targets[1]! + 2) % 3]!.code);
    expect(labels!.attributes.map(({ name, photos: count }) => [name, count])).toEqual([['shape', 120], ['colour', 120]]); // prettier-ignore
    expect(outliers.references).toBe(120);
    expect([...steps]).toEqual([
      'reading photos',
      'reading colours',
      'decoding photos',
      'computing embeddings',
      'judging labels',
      'comparing embeddings',
    ]);
    // The same again, from the cache.
    expect(await analyzeDataset({ ...dataset, photos }, options)).toEqual(analysis);
  });

  it('are not judged where photos are too few, which is said', async () => {
    const dataset = await openDataset({ source: join(folder, 'judged'), verifyImages: false });
    const analysis = await analyzeDataset(
      { ...dataset, photos: dataset.photos.slice(0, 10) },
      { backbone: { model: 'cnn', weights, imageSize: 32 }, cache: cache(), threads: 1 },
    );
    expect(analysis.embeddings!.labels).toBeNull();
    expect(analysis.notes).toContain('label errors were not looked for: 10 labelled photos are too few');
  });

  it('need weights for a named architecture, and an architecture that there is', async () => {
    await expect(chooseBackbone({ model: 'cnn' }, 1)).rejects.toMatchObject({ code: 'USAGE' });
    await expect(chooseBackbone({ model: 'nonesuch', weights }, 1)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    const shipped = await chooseBackbone({}, 1);
    expect(shipped?.learntFrom).toMatch(/^[0-9a-f]{64}$/);
  });
});
