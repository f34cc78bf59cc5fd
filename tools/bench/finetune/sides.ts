/** @file The two sides of the fine-tuning bench, each a process from its start to its finished folder. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { runToEnd, type Finished } from './process.ts';

const binary = join(import.meta.dirname, '../../../packages/cli/bin/busana.js');
const script = join(import.meta.dirname, 'torch_finetune.py');

export interface Work {
  /** Folder with `train.csv` and `train/`. */
  readonly data: string;
  /** Of EfficientNet-Lite0. */
  readonly weights: string;
  readonly epochs: number;
  /** Folder for both results. */
  readonly out: string;
}

export interface Side extends Omit<Finished, 'answer'> {
  readonly version: string;
  readonly folder: string;
  /** Exact match ratio of the held-back photos after the last epoch. */
  readonly emr: number;
}

export interface OurSide extends Side {
  /** Seconds the engine computed, and seconds it made sessions. */
  readonly busy: number;
  readonly compiling: number;
}

const batch = 32;
const imageSize = 224;
const lr = 0.001;
const weightDecay = 0.05;

const runSchema = z.object({ run: z.string(), metrics: z.object({ emr: z.object({ value: z.number() }) }) });
const timingSchema = z.object({ training: z.number(), validation: z.number(), compilation: z.number() });
const environmentSchema = z.object({ versions: z.record(z.string(), z.string()) });

/** `busana train`, by its binary. */
export async function runOurs({ data, weights, epochs, out }: Work): Promise<OurSide> {
  const settings = { batch, 'image-size': imageSize, lr, 'weight-decay': weightDecay, epochs, augment: 'light' };
  const flags = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const what = ['--data', data, '--model', 'efficientnet_lite0', '--weights', weights];
  const where = ['--project', out, '--name', 'busana', '--json'];
  // The first run after a change of the sources bundles them; that is no part of the work.
  await runToEnd(process.execPath, [binary, 'models', '--json']);
  const { seconds, peak, answer } = await runToEnd(process.execPath, [binary, 'train', ...what, ...flags, ...where]);
  const { run, metrics } = runSchema.parse(answer);
  const timing = timingSchema.parse(await readJson(run, 'timing.json'));
  const { versions } = environmentSchema.parse(await readJson(run, 'environment.json'));
  return {
    seconds,
    peak,
    version: `busana ${versions['busana']}, onnxruntime ${versions['onnxruntime-node']}`,
    folder: run,
    emr: metrics.emr.value,
    busy: timing.training + timing.validation,
    compiling: timing.compilation,
  };
}

const torchSchema = z.object({ emr: z.number(), version: z.string() });

/** The same in PyTorch, with the photos held back that `held` lists. */
export async function runTorch(python: string, { data, weights, epochs, out }: Work, held: string): Promise<Side> {
  const folder = join(out, 'pytorch');
  const settings = { batch, size: imageSize, lr, 'weight-decay': weightDecay, epochs };
  const flags = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const paths = ['--data', data, '--weights', weights, '--held-back', held, '--out', folder];
  const { seconds, peak, answer } = await runToEnd(python, [script, ...paths, ...flags]);
  return { seconds, peak, folder, ...torchSchema.parse(answer) };
}

async function readJson(folder: string, file: string): Promise<unknown> {
  return JSON.parse(await readFile(join(folder, file), 'utf8'));
}
