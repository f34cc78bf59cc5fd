import { trainingConfigSchema, type TrainingConfig } from '@busana/contracts';
import type * as Engine from '@busana/engine';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { expectDevice, sessionOptions } from '../src/engine-options.ts';
import { compressModel } from '../src/export/compress-model.ts';
import { exportModel } from '../src/export/export-model.ts';
import { evaluateModel } from '../src/predict/evaluate-model.ts';
import { predict } from '../src/predict/predict.ts';
import { train } from '../src/train/train.ts';
import { drawShapes } from './support/garments.ts';

/** Threads of every session that was made, by the function that made it. */
const made = vi.hoisted(() => new Map<string, Set<number | undefined>>());

vi.mock('@busana/engine', async (original) => {
  const engine = await original<typeof Engine>();
  const note = (name: string, options?: { readonly threads?: number }): void => {
    made.set(name, (made.get(name) ?? new Set()).add(options?.threads));
  };
  return {
    ...engine,
    createSession: ((model, options) => (note('createSession', options), engine.createSession(model, options))) satisfies typeof engine.createSession, // prettier-ignore
    compileTrainingStep: ((options) => (note('compileTrainingStep', options.session), engine.compileTrainingStep(options))) satisfies typeof engine.compileTrainingStep, // prettier-ignore
    compileForward: ((options) => (note('compileForward', options.session), engine.compileForward(options))) satisfies typeof engine.compileForward, // prettier-ignore
    observe: ((graph, values, batches, options) => (note('observe', options), engine.observe(graph, values, batches, options))) satisfies typeof engine.observe, // prettier-ignore
    layerNoise: ((graph, layers, ranges, batches, options) => (note('layerNoise', options), engine.layerNoise(graph, layers, ranges, batches, options))) satisfies typeof engine.layerNoise, // prettier-ignore
  };
});

const THREADS = 3;
const only = new Set([THREADS]);
let folder: string;
let run: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'busana-engine-options-'));
  await drawShapes(join(folder, 'shapes'), { count: 24 });
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(() => made.clear());

const trained = async (name: string, settings: Partial<TrainingConfig>): Promise<string> => {
  const config = { imageSize: 32, batch: 12, epochs: 1, val: 0.25, threads: THREADS, ...settings };
  const data = { source: join(folder, 'shapes') };
  const emit = () => undefined;
  const cache = join(folder, 'cache');
  return (await train({ data, config: trainingConfigSchema.parse(config), project: folder, name, cache, dryRun: false, emit })).folder; // prettier-ignore
};

describe('--threads reaches every session', () => {
  it('of a training', async () => {
    run = await trained('whole', {});
    expect([...made]).toEqual([['compileTrainingStep', only], ['compileForward', only], ['createSession', only]]); // prettier-ignore
  });

  it('of heads on a frozen backbone', async () => {
    await trained('heads', { freeze: true, epochs: 1 });
    expect(new Set([...made.values()].flatMap((threads) => [...threads]))).toEqual(only);
    expect(made.has('compileForward')).toBe(true);
  });

  it('of predictions and evaluations', async () => {
    const photos = join(folder, 'shapes', 'train');
    const streams = { stdin: new PassThrough().end(), stdout: process.stdout };
    await predict({ given: [run, photos], format: 'csv', out: join(folder, 'p.csv'), threads: THREADS, ...streams });
    await evaluateModel({ models: [run], data: { source: join(folder, 'shapes') }, threads: THREADS });
    expect([...made]).toEqual([['createSession', only]]);
  });

  it.each(['onnx-int8', 'onnx-fp16'] as const)('of an export as %s', async (format) => {
    await compressModel(run, { format, out: join(folder, `${format}.onnx`), threads: THREADS });
    expect(new Set([...made.values()].flatMap((threads) => [...threads]))).toEqual(only);
    if (format === 'onnx-int8') expect([...made.keys()].sort()).toEqual(['createSession', 'layerNoise', 'observe']);
  });

  it('of a copy', async () => {
    await exportModel(run, { out: join(folder, 'copy.onnx'), threads: THREADS });
    expect([...made]).toEqual([['createSession', only]]);
  });
});

describe('engine options', () => {
  it('every core and the processor are what a session does unasked', () => {
    expect(sessionOptions({})).toEqual({});
    expect(sessionOptions({ threads: 0, device: 'cpu' })).toEqual({});
    expect(sessionOptions({ threads: 2, device: 'webgpu' })).toEqual({ threads: 2, device: 'webgpu' });
  });
});

const noWebgpu = await expectDevice('webgpu').then(
  () => false,
  () => true,
);

describe('a device that is not there', () => {
  it.skipIf(!noWebgpu)('is refused before a photo is read or a folder made', async () => {
    const refusal = {
      code: 'DEVICE_UNAVAILABLE',
      message: expect.stringMatching(/^the device 'webgpu' cannot be used here: ./) as string,
      remedy: expect.stringContaining('--device cpu') as string,
    };
    const gone = join(folder, 'gone');
    const config = trainingConfigSchema.parse({ device: 'webgpu' });
    const request = { data: { source: gone }, config, project: gone, dryRun: false, emit: () => undefined };
    await expect(train(request)).rejects.toMatchObject(refusal);
    const streams = { stdin: new PassThrough().end(), stdout: process.stdout };
    await expect(predict({ given: [gone], format: 'csv', device: 'webgpu', ...streams })).rejects.toMatchObject(
      refusal,
    );
    await expect(evaluateModel({ models: [gone], data: { source: gone }, device: 'webgpu' })).rejects.toMatchObject(refusal); // prettier-ignore
  });

  it('is refused for heads on embeddings', async () => {
    await expect(trained('x', { freeze: true, device: 'webgpu' })).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });
});
