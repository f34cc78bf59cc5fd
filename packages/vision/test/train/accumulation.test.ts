import { trainingConfigSchema, type TrainingConfig } from '@busana/contracts';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PhotoStore } from '../../src/batches/photo-store.ts';
import type { Dataset } from '../../src/data/dataset.ts';
import { openDataset } from '../../src/data/open.ts';
import { planApproach } from '../../src/train/approach.ts';
import { RunClock } from '../../src/train/clock.ts';
import { Fit } from '../../src/train/fit.ts';
import { pictureInputs } from '../../src/train/picture-inputs.ts';
import { drawShapes } from '../support/garments.ts';

let folder: string;
let dataset: Dataset;
let store: PhotoStore;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'busana-accumulation-'));
  await drawShapes(folder, { count: 12 });
  dataset = await openDataset({ source: folder });
  store = await PhotoStore.create(dataset.photos, { size: 32 });
});
afterAll(async () => {
  await store.release();
  await rm(folder, { recursive: true, force: true });
});

/** Losses of three epochs of two steps, and the logits after them. A transformer: nothing is normalised over a batch. */
async function outcome(settings: Partial<TrainingConfig>): Promise<{ losses: number[]; logits: number[] }> {
  const config = trainingConfigSchema.parse({
    model: 'deit_tiny_patch16_224',
    imageSize: 32,
    batch: 6,
    lr: 0.01,
    optimizer: 'sgd',
    schedule: 'constant',
    threads: 1,
    ...settings,
  });
  const { taxonomy, photos } = dataset;
  const targets = photos.map((photo) => photo.targets);
  const inputs = pictureInputs({
    config,
    store,
    validationStore: store,
    policy: [],
    taxonomy,
    targets,
    pretrained: new Map(),
  });
  const train = photos.map((_, index) => index);
  const plan = planApproach('multi-output', taxonomy);
  const fit = await Fit.create({ config, plan, inputs, targets, train, stream: 'fit', clock: new RunClock() });
  try {
    const losses: number[] = [];
    for (let epoch = 1; epoch <= 3; epoch += 1) losses.push((await fit.trainEpoch(epoch)).loss);
    return { losses, logits: (await fit.logits(train)).flatMap((head) => [...head]) };
  } finally {
    await fit.release();
  }
}

describe('a batch in micro-batches', () => {
  it('of two photos, or one, teaches a transformer what the whole batch does', async () => {
    const whole = await outcome({});
    expect(Math.abs(whole.losses[2]! - whole.losses[0]!)).toBeGreaterThan(0.1);
    const far = (a: number[], b: number[]): number => Math.max(...a.map((value, index) => Math.abs(value - b[index]!)));
    for (const microBatch of [2, 1]) {
      const parts = await outcome({ microBatch });
      expect(far(parts.losses, whole.losses)).toBeLessThan(1e-4);
      expect(far(parts.logits, whole.logits)).toBeLessThan(1e-3);
    }
  });
});
