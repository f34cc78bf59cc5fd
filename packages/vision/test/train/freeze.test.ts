import { trainingConfigSchema, type TrainingConfig } from '@busana/contracts';
import { mkdtemp, readdir, readFile, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadModels } from '../../src/artifact/ensemble.ts';
import { evaluateModel } from '../../src/predict/evaluate-model.ts';
import { train, type TrainResult } from '../../src/train/train.ts';
import { drawShapes } from '../support/garments.ts';

let folder: string;
let data: string;
let cache: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'busana-freeze-'));
  data = join(folder, 'shapes');
  cache = join(folder, 'cache');
  await drawShapes(data, { count: 48 });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function run(name: string, settings: Partial<TrainingConfig> = {}): Promise<TrainResult> {
  const config = trainingConfigSchema.parse({
    imageSize: 32,
    batch: 12,
    epochs: 60,
    folds: 2,
    threads: 1,
    lr: 0.02,
    neck: 'separate',
    freeze: true,
    ...settings,
  });
  return train({
    data: { source: data },
    config,
    project: join(folder, 'runs'),
    name,
    cache,
    dryRun: false,
    emit: () => undefined,
  });
}

const metricsOf = (result: TrainResult): Promise<string> => readFile(join(result.folder, 'metrics.json'), 'utf8');

/** The files that embeddings are kept in, with their sizes. */
async function featureFiles(): Promise<{ name: string; size: number }[]> {
  const names = await readdir(join(cache, 'features'), { recursive: true });
  const files = names.filter((name) => /\.(records|keys)$/.test(name)).map((name) => join(cache, 'features', name));
  return Promise.all(files.sort().map(async (name) => ({ name, size: (await stat(name)).size })));
}

describe('a frozen backbone', () => {
  it('is asked once per photo, and only its heads learn', async () => {
    const first = await run('first');
    // Random convolutions and trained heads tell two shapes and three colours apart far better than chance (1 in 6).
    expect(first.metrics!.emr.value).toBeGreaterThan(0.5);
    const sizes = await featureFiles();
    // Keys of 40 bytes, for 48 photos.
    expect(sizes.map(({ size }) => size)).toContain(48 * 40);
    const second = await run('second');
    expect(await metricsOf(second)).toBe(await metricsOf(first));
    expect(await featureFiles()).toEqual(sizes);
  });

  it('comes with the model file, which reads photos', async () => {
    const { folder: trained } = await run('delivered', { folds: 0, val: 0 });
    const { metrics } = await evaluateModel({ models: [trained], data: { source: data } });
    expect(metrics.emr.value).toBeGreaterThan(0.8);
  });

  it('computes embeddings again that were cut off', async () => {
    const whole = await metricsOf(await run('whole'));
    const [records] = (await featureFiles()).filter(({ name }) => name.endsWith('.records'));
    await truncate(records!.name, records!.size - 1);
    expect(await metricsOf(await run('repaired'))).toBe(whole);
    // The last embedding alone, in a file of its own.
    const added = (await featureFiles()).filter(({ name }) => name.endsWith('.records') && name !== records!.name);
    expect(added.map(({ size }) => size)).toEqual([records!.size / 48]);
  });
});

describe('an average of models', () => {
  it('is the mean of their probabilities, and with the mirror the same for a photo and its mirror image', async () => {
    const one = await run('one', { seed: 1, folds: 0 });
    const two = await run('two', { seed: 2, folds: 0 });
    const images = Uint8Array.from({ length: 2 * 32 * 32 * 3 }, (_, index) => (index * 7919) % 256);
    const answers = [];
    for (const models of [[one.folder], [two.folder], [one.folder, two.folder]]) {
      const model = await loadModels({ models, threads: 1 });
      answers.push((await model.answer([images], 2))['shape']!);
      await model.release();
    }
    const [first, second, both] = answers as [Float32Array, Float32Array, Float32Array];
    both.forEach((value, index) => expect(value).toBeCloseTo((first[index]! + second[index]!) / 2, 6));
    expect(Math.max(...first.map((value, index) => Math.abs(value - second[index]!)))).toBeGreaterThan(1e-3);

    const model = await loadModels({ models: [one.folder], mirror: true, threads: 1 });
    const pixel = (row: number, column: number) => (row * 32 + column) * 3;
    const photo = images.slice(0, 32 * 32 * 3);
    const turned = photo.slice();
    for (let row = 0; row < 32; row += 1) {
      for (let column = 0; column < 32; column += 1) {
        turned.set(photo.subarray(pixel(row, column), pixel(row, column) + 3), pixel(row, 31 - column));
      }
    }
    const [straight, mirrored] = [await model.answer([photo], 1), await model.answer([turned], 1)];
    straight['colour']!.forEach((value, index) => expect(mirrored['colour']![index]).toBeCloseTo(value, 5));
    await model.release();
  });

  it('asks each member with pictures of its own size', async () => {
    const small = await run('small', { folds: 0, epochs: 2 });
    const large = await run('large', { folds: 0, epochs: 2, imageSize: 48 });
    const noise = (size: number) => Uint8Array.from({ length: size * size * 3 }, (_, index) => (index * 7919) % 256);
    const both = await loadModels({ models: [small.folder, large.folder], mirror: true, threads: 1 });
    expect(both.sizes).toEqual([32, 48]);
    const together = (await both.answer([noise(32), noise(48)], 1))['shape']!;
    await both.release();
    const alone: Float32Array[] = [];
    for (const [{ folder: path }, size] of [
      [small, 32],
      [large, 48],
    ] as const) {
      const model = await loadModels({ models: [path], mirror: true, threads: 1 });
      alone.push((await model.answer([noise(size)], 1))['shape']!);
      await model.release();
    }
    together.forEach((value, index) => expect(value).toBeCloseTo((alone[0]![index]! + alone[1]![index]!) / 2, 6));
  });
});
