import { trainingConfigSchema, type TrainingConfig } from '@busana/contracts';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadModel } from '../../src/artifact/model.ts';
import { evaluateModel } from '../../src/predict/evaluate-model.ts';
import { expectConsistent } from '../../src/train/settings.ts';
import { train, type TrainResult } from '../../src/train/train.ts';
import { drawShapes } from '../support/garments.ts';

let folder: string;
let data: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'busana-predict-size-'));
  data = join(folder, 'shapes');
  await drawShapes(data, { count: 48 });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const configOf = (settings: Partial<TrainingConfig>): TrainingConfig =>
  trainingConfigSchema.parse({
    model: 'mobilenet_v2',
    imageSize: 32,
    batch: 12,
    epochs: 3,
    threads: 1,
    lr: 0.005,
    ...settings,
  });

function run(name: string, settings: Partial<TrainingConfig>): Promise<TrainResult> {
  const project = join(folder, 'runs');
  // Validation on the photos of the training, so that another command can be asked about the same ones.
  const validationData = { source: data };
  const config = configOf({ val: 0, ...settings });
  return train({ data: { source: data }, validationData, config, project, name, dryRun: false, emit: () => undefined });
}

const column = async ({ folder: path }: TrainResult, file: string, name: RegExp): Promise<string[]> => {
  const [header, ...rows] = (await readFile(join(path, file), 'utf8')).trim().split('\n');
  const found = header!.split(',').findIndex((cell) => name.test(cell));
  return rows.map((row) => row.split(',')[found]!);
};

describe('a network that judges at another size than it was trained at', () => {
  it('learns the same, is validated at that size, and is delivered with it', async () => {
    const plain = await run('plain', {});
    const larger = await run('larger', { predictSize: 48 });
    expect(await column(larger, 'results.csv', /^train.*loss$/)).toEqual(
      await column(plain, 'results.csv', /^train.*loss$/),
    );
    expect(await column(larger, 'results.csv', /^val.*loss$/)).not.toEqual(
      await column(plain, 'results.csv', /^val.*loss$/),
    );
    const model = await loadModel(larger.folder);
    expect(model.metadata['busana.preprocess'].size).toBe(48);
    await model.release();
    // The file, which decodes photos for itself, is right as often as the validation said.
    const { metrics } = await evaluateModel({ models: [larger.folder], data: { source: data }, threads: 1 });
    expect(metrics.emr.value).toBe(larger.metrics!.emr.value);
    expect(await readFile(join(larger.folder, 'MODEL_CARD.md'), 'utf8')).toContain(
      'trained at 32 px and judging at 48 px',
    );
  });

  it('is refused where the size belongs to the parameters, and where no photos are validated on', () => {
    for (const model of ['deit_tiny_patch16_224', 'cnn']) {
      const settings = configOf({ model, predictSize: 64 });
      expect(() => expectConsistent(settings)).toThrow(`parameters of ${model} belong to one size`);
    }
    expect(() => expectConsistent(configOf({ freeze: true, predictSize: 64 }))).toThrow('predictSize needs photos');
    expect(() => expectConsistent(configOf({ predictSize: 64 }))).not.toThrow();
  });
});
