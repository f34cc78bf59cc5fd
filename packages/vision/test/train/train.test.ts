import { BusanaError, metricsSchema, trainingConfigSchema, type TrainingConfig } from '@busana/contracts';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadModel } from '../../src/artifact/model.ts';
import { evaluateModel } from '../../src/predict/evaluate-model.ts';
import { predict } from '../../src/predict/predict.ts';
import { runTimingSchema } from '../../src/train/clock.ts';
import type { RunEvent } from '../../src/train/events.ts';
import { train, type TrainRequest } from '../../src/train/train.ts';
import { drawShapes } from '../support/garments.ts';

let folder: string;
let data: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'busana-train-'));
  data = join(folder, 'shapes');
  await drawShapes(data, { count: 72 });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const small = (settings: Partial<TrainingConfig> = {}): TrainingConfig =>
  trainingConfigSchema.parse({ imageSize: 32, batch: 12, epochs: 3, val: 0.25, threads: 1, lr: 0.005, ...settings });

function request(name: string, settings: Partial<TrainingConfig> = {}, more: Partial<TrainRequest> = {}): TrainRequest {
  return {
    data: { source: data },
    config: small(settings),
    project: join(folder, 'runs'),
    name,
    dryRun: false,
    emit: () => undefined,
    ...more,
  };
}

const read = (run: string, file: string): Promise<string> => readFile(join(run, file), 'utf8');

describe('timing.json', () => {
  it('says how long the engine was busy, in parts that add up', async () => {
    const started = performance.now();
    const { folder: run, timing, summary } = await train(request('timed', { epochs: 2 }));
    const elapsed = (performance.now() - started) / 1000;
    const written = runTimingSchema.parse(JSON.parse(await read(run, 'timing.json')));
    expect(written).toEqual(timing);
    const { seconds, training, validation, compilation, engine_share: share } = written;
    expect(seconds).toBeLessThanOrEqual(elapsed);
    expect(seconds).toBeGreaterThan(0.8 * elapsed);
    for (const part of [training, validation, compilation]) expect(part).toBeGreaterThan(0);
    expect(training + validation + compilation).toBeLessThan(seconds);
    expect(share).toBeCloseTo((training + validation) / seconds, 12);
    expect(summary.at(-1)).toContain(`engine busy ${(share * 100).toFixed(1)} % of ${seconds.toFixed(1)} s`);
    // The engine works within the epochs, whose seconds results.csv has to two digits.
    const rows = (await read(run, 'results.csv'))
      .trim()
      .split('\n')
      .map((line) => line.split(','));
    const epochs = rows.slice(1).map((cells) => Number(cells[rows[0]!.indexOf('seconds')]));
    expect(training + validation).toBeLessThan(epochs[0]! + epochs[1]! + 0.02);
  });
});

describe('train', () => {
  it('learns shapes and colours, and its model file answers like its held-back figures', async () => {
    const { folder: run, metrics } = await train(request('learns', { epochs: 15 }));
    expect(metrics?.emr.n).toBe(18);
    expect(metrics?.emr.value).toBeGreaterThanOrEqual(0.9);
    expect(metricsSchema.parse(JSON.parse(await read(run, 'metrics.json')))).toEqual(metrics);
    const files = await readdir(run);
    for (const file of [
      'config.yaml',
      'environment.json',
      'splits.csv',
      'results.csv',
      'predictions.csv',
      'plots',
      'report.html',
      'checkpoints',
      'model.onnx',
      'MODEL_CARD.md',
      'timing.json',
    ]) {
      expect(files).toContain(file);
    }
    // Held-back photos, classified again through the model file, come out as in predictions.csv.
    const rows = (await read(run, 'predictions.csv'))
      .trim()
      .split('\n')
      .map((line) => line.split(','));
    const header = rows[0]!;
    const out = join(folder, 'again.csv');
    await predict({
      given: [run, ...rows.slice(1).map((cells) => join(data, cells[header.indexOf('image')]!))],
      format: 'csv',
      out,
      stdin: new PassThrough().end(),
      stdout: process.stdout,
    });
    const again = (await readFile(out, 'utf8'))
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','));
    expect(again.map((cells) => [cells[1], cells[4]])).toEqual(
      rows.slice(1).map((cells) => [cells[header.indexOf('shape')], cells[header.indexOf('colour')]]),
    );
  });

  it('gives the same metrics for the same seed, byte for byte, and others for another', async () => {
    const [first, second, other] = [
      await train(request('seed-a', { seed: 5 })),
      await train(request('seed-b', { seed: 5 })),
      await train(request('seed-c', { seed: 6 })),
    ];
    expect(await read(second.folder, 'metrics.json')).toBe(await read(first.folder, 'metrics.json'));
    expect(await read(second.folder, 'predictions.csv')).toBe(await read(first.folder, 'predictions.csv'));
    expect(await read(other.folder, 'predictions.csv')).not.toBe(await read(first.folder, 'predictions.csv'));
  });

  it('interrupted in an epoch and resumed equals uninterrupted, byte for byte', async () => {
    const whole = await train(request('whole', { dropout: 0.2 }));
    const controller = new AbortController();
    const emit = (event: RunEvent): void => {
      if (event.type === 'batch' && event.epoch === 2 && event.done === 2) controller.abort();
    };
    const interrupted = train(request('interrupted', { dropout: 0.2 }, { emit, signal: controller.signal }));
    await expect(interrupted).rejects.toMatchObject({ code: 'INTERRUPTED' });
    const path = join(folder, 'runs', 'interrupted');
    expect(await readdir(path)).not.toContain('metrics.json');
    // In another place, of which the first one knows nothing, by its last checkpoint alone.
    const checkpoints = join(folder, 'left-behind');
    await mkdir(checkpoints);
    await copyFile(join(path, 'checkpoints', 'last.safetensors'), join(checkpoints, 'last.safetensors'));
    const epochs: number[] = [];
    const resumed = await train(
      request(
        'ignored',
        {},
        {
          resume: path,
          emit: (event) => {
            if (event.type === 'epoch') epochs.push(event.row.epoch);
          },
        },
      ),
    );
    expect(epochs).toEqual([2, 3]);
    const further: number[] = [];
    const taken = await train(
      request(
        'taken-over',
        { dropout: 0.2 },
        { checkpoints, emit: (event) => event.type === 'epoch' && further.push(event.row.epoch) },
      ),
    );
    expect(further).toEqual([2, 3]);
    for (const file of ['metrics.json', 'predictions.csv']) {
      expect(await read(resumed.folder, file)).toBe(await read(whole.folder, file));
      expect(await read(taken.folder, file)).toBe(await read(whole.folder, file));
    }
    const parameters = (name: string) => readFile(join(folder, 'runs', name, 'checkpoints', 'best.safetensors'));
    // Timings are part of a checkpoint's rows; the tensors behind them must be equal.
    const [a, b] = [await parameters('whole'), await parameters('interrupted')];
    const tail = (bytes: Buffer): Buffer => bytes.subarray(bytes.length - 100_000);
    expect(tail(b).equals(tail(a))).toBe(true);
  });

  it('refuses to resume what is no run', async () => {
    await expect(train(request('x', {}, { resume: data }))).rejects.toMatchObject({ code: 'RESUME_IMPOSSIBLE' });
  });

  it('stops with a clear error when the loss is no longer finite', async () => {
    const failure = train(
      request('diverges', { lr: 10, optimizer: 'sgd', schedule: 'constant', epochs: 20, weightDecay: 1 }),
    );
    await expect(failure).rejects.toMatchObject({ code: 'TRAINING_DIVERGED' });
  });

  it('names an output folder that cannot be written', async () => {
    const file = join(folder, 'a-file');
    await writeFile(file, '');
    await expect(train(request('x', {}, { project: join(file, 'runs') }))).rejects.toMatchObject({
      code: 'OUTPUT_UNWRITABLE',
    });
  });

  it('trains each approach and folds, and delivers a model that reads every attribute', async () => {
    for (const approach of ['separate', 'combined'] as const) {
      const { folder: run, metrics } = await train(request(approach, { approach, epochs: 1, folds: 2 }));
      expect(metrics?.emr.n).toBe(72);
      const model = await loadModel(run);
      const outputs = await model.answer([new Uint8Array(32 * 32 * 3).fill(128)], 1);
      await model.release();
      expect(Object.keys(outputs)).toEqual(['shape', 'colour', 'embedding']);
      for (const name of ['shape', 'colour']) {
        expect(outputs[name]!.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
      }
    }
  });

  it('takes any attributes: text labels, missing cells, a column without use', async () => {
    const table = (await read(data, 'train.csv'))
      .trim()
      .split('\n')
      .map((line) => line.split(','));
    const rows = table.map(([id, shape, colour], index) =>
      index === 0
        ? 'photo;Bentuk;warna utama;sleeve'
        : `${id}.png;${index % 3 === 0 ? '' : shape};${index % 4 === 0 ? '' : colour};${index % 2 === 0 ? 'long' : 'short'}`,
    );
    const csv = join(folder, 'other.csv');
    await writeFile(csv, rows.join('\r\n'));
    const source = { source: csv, images: join(data, 'train') };
    const { folder: run, metrics } = await train(request('other', { epochs: 2 }, { data: source }));
    expect(Object.keys(metrics?.attributes ?? {})).toEqual(['Bentuk', 'warna utama', 'sleeve']);
    expect(metrics?.attributes['sleeve']?.labels).toEqual(['long', 'short']);
    const evaluated = await evaluateModel({ models: [run], data: source });
    const labelled = rows.slice(1).filter((row) => row.split(';').every((cell) => cell !== '')).length;
    expect(evaluated.metrics.emr.n).toBe(labelled);
  });

  it('validates on a data set of its own', async () => {
    const { metrics } = await train(request('own', { epochs: 1 }, { validationData: { source: data } }));
    expect(metrics?.emr.n).toBe(72);
  });

  it('refuses a model file that was tampered with', async () => {
    const { folder: run } = await train(request('tampered', { epochs: 1 }));
    const path = join(run, 'model.onnx');
    const bytes = await readFile(path);
    // The weights of the hidden layer are most of the file.
    bytes.fill(0, bytes.length >> 1, (bytes.length >> 1) + 20_000);
    await writeFile(path, bytes);
    const failure = loadModel(run);
    await expect(failure).rejects.toBeInstanceOf(BusanaError);
    await expect(failure).rejects.toMatchObject({ code: 'MODEL_INVALID' });
  });
});
