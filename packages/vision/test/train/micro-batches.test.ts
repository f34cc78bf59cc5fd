import { trainingConfigSchema, type TrainingConfig } from '@busana/contracts';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/train/events.ts';
import { planPasses } from '../../src/train/passes.ts';
import { expectConsistent } from '../../src/train/settings.ts';
import { train, type TrainRequest, type TrainResult } from '../../src/train/train.ts';
import { drawShapes } from '../support/garments.ts';

let folder: string;
let data: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'busana-micro-'));
  data = join(folder, 'shapes');
  await drawShapes(data, { count: 48 });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const configOf = (settings: Partial<TrainingConfig> = {}): TrainingConfig =>
  trainingConfigSchema.parse({ imageSize: 32, batch: 12, epochs: 3, val: 0.25, threads: 1, lr: 0.005, ...settings });

function run(
  name: string,
  settings: Partial<TrainingConfig> = {},
  more: Partial<TrainRequest> = {},
): Promise<TrainResult> {
  const project = join(folder, 'runs');
  const config = configOf(settings);
  return train({ data: { source: data }, config, project, name, dryRun: false, emit: () => undefined, ...more });
}

const read = ({ folder: path }: TrainResult, file: string): Promise<string> => readFile(join(path, file), 'utf8');

/** Of each epoch, loss and learning rate as they stand in results.csv. */
async function curve(result: TrainResult, column: string): Promise<number[]> {
  const [header, ...rows] = (await read(result, 'results.csv'))
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  return rows.map((cells) => Number(cells[header!.indexOf(column)]));
}

describe('a plan of passes', () => {
  it.each([
    [{ batch: 32, microBatch: 0 }, 100, { batch: 32, rows: 32, passesPerStep: 1, stepsPerEpoch: 4 }],
    [{ batch: 32, microBatch: 8 }, 100, { batch: 32, rows: 8, passesPerStep: 4, stepsPerEpoch: 4 }],
    [{ batch: 32, microBatch: 32 }, 100, { batch: 32, rows: 32, passesPerStep: 1, stepsPerEpoch: 4 }],
    [{ batch: 32, microBatch: 64 }, 100, { batch: 32, rows: 32, passesPerStep: 1, stepsPerEpoch: 4 }],
    [{ batch: 32, microBatch: 8 }, 18, { batch: 24, rows: 8, passesPerStep: 3, stepsPerEpoch: 1 }],
    [{ batch: 32, microBatch: 8 }, 5, { batch: 5, rows: 5, passesPerStep: 1, stepsPerEpoch: 1 }],
  ])('for %j and %i photos', (settings, photos, plan) => {
    expect(planPasses(configOf(settings), photos)).toEqual(plan);
  });
});

describe('training in micro-batches', () => {
  it('of the size of the batch is training without; smaller ones count optimizer steps', async () => {
    const [plain, whole] = [await run('plain'), await run('whole', { microBatch: 12 })];
    for (const file of ['metrics.json', 'predictions.csv']) {
      expect(await read(whole, file)).toBe(await read(plain, file));
    }
    const events: RunEvent[] = [];
    const parts = await run('parts', { microBatch: 4 }, { emit: (event) => void events.push(event) });
    const batches = events.filter((event) => event.type === 'batch').filter(({ epoch }) => epoch === 1);
    expect(batches.map(({ done, total }) => [done, total])).toEqual([1, 2, 3].map((done) => [done, 3]));
    expect(await curve(parts, 'lr')).toEqual(await curve(plain, 'lr'));
    expect(await curve(parts, 'train_loss')).not.toEqual(await curve(plain, 'train_loss'));
  });

  it('interrupted in the middle and resumed equals uninterrupted, byte for byte', async () => {
    const settings = { microBatch: 4, dropout: 0.2, averaging: 0.9, mix: 'mixup' } as const;
    const whole = await run('uninterrupted', settings);
    const controller = new AbortController();
    const emit = (event: RunEvent): void => {
      if (event.type === 'batch' && event.epoch === 2 && event.done === 2) controller.abort();
    };
    const interrupted = run('interrupted', settings, { emit, signal: controller.signal });
    await expect(interrupted).rejects.toMatchObject({ code: 'INTERRUPTED' });
    const resumed = await run('ignored', {}, { resume: join(folder, 'runs', 'interrupted') });
    for (const file of ['metrics.json', 'predictions.csv']) {
      expect(await read(resumed, file)).toBe(await read(whole, file));
    }
  });

  it('of a single photo are refused where batch norm would have nothing to normalise over', async () => {
    expect(() => expectConsistent(configOf({ microBatch: 1 }))).toThrow('batch norm of cnn one photo');
    for (const settings of [{ model: 'deit_tiny_patch16_224' }, { freeze: true }]) {
      expect(() => expectConsistent(configOf({ microBatch: 1, ...settings }))).not.toThrow();
      const neck = { ...settings, neck: 'shared' } as const;
      expect(() => expectConsistent(configOf({ microBatch: 1, ...neck }))).toThrow('one photo');
    }
    await expect(run('single', { microBatch: 1 })).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });

  it('that do not divide the batch are refused before a run is begun', async () => {
    await expect(run('uneven', { microBatch: 5 })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: 'microBatch 5 does not divide batch 12',
    });
    expect(await readdir(join(folder, 'runs'))).not.toContain('uneven');
  });
});
