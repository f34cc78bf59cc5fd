/** @file `busana demo`: the whole way without any data of one's own. */
import { trainingConfigSchema, type Metrics } from '@busana/contracts';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { evaluateModel } from './predict/evaluate-model.ts';
import { predict } from './predict/predict.ts';
import type { Listener } from './train/events.ts';
import { train } from './train/train.ts';
import { drawWardrobe } from './wardrobe/draw-wardrobe.ts';

export interface DemoRequest {
  /** Folder for the wardrobe and the run. */
  readonly out: string;
  readonly photos: number;
  readonly epochs: number;
  readonly seed: number;
  /** Threads of the engine and of the decoder; 0 (default): every core. */
  readonly threads?: number;
  readonly emit: Listener;
  readonly onDraw?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

export interface DemoResult {
  readonly folder: string;
  /** Of drawings that neither training nor any choice has seen. */
  readonly metrics: Metrics;
  readonly summary: readonly string[];
}

/** Side of the drawings the demo trains on: a quarter of the work of 224 pixels twice over. */
const IMAGE_SIZE = 96;
/** Drawings for the final figures, as a share of those for training. */
const HELD_OUT = 0.25;

/** Draws a wardrobe, trains, evaluates on drawings held out, predicts them into a CSV. */
export async function demo(request: DemoRequest): Promise<DemoResult> {
  const { out, photos, epochs, seed, threads = 0, emit, onDraw, signal } = request;
  const wardrobe = join(out, 'wardrobe');
  const heldOut = Math.round(photos * HELD_OUT);
  emit({ type: 'notice', message: `drawing ${photos + heldOut} photos of T-shirts and hoodies in ${wardrobe}` });
  await drawWardrobe(wardrobe, {
    count: photos,
    test: heldOut,
    seed,
    ...(onDraw && { onProgress: onDraw }),
    ...(signal && { signal }),
  });
  const config = trainingConfigSchema.parse({ imageSize: IMAGE_SIZE, epochs, seed, threads, val: 0.15 });
  const trained = await train({
    data: { source: wardrobe },
    config,
    project: out,
    name: 'demo',
    dryRun: false,
    emit,
    ...(signal && { signal }),
  });
  const evaluated = await evaluateModel({
    models: [trained.folder],
    data: { source: join(wardrobe, 'answers.csv'), images: join(wardrobe, 'test') },
    threads,
    ...(signal && { signal }),
  });
  const predictions = join(trained.folder, 'wardrobe-predictions.csv');
  await predict({
    given: [trained.folder, join(wardrobe, 'test')],
    format: 'csv',
    out: predictions,
    threads,
    stdin: new PassThrough().end(),
    stdout: process.stdout,
    ...(signal && { signal }),
  });
  return {
    folder: trained.folder,
    metrics: evaluated.metrics,
    summary: [
      '',
      `On ${heldOut} drawings held out from the start:`,
      ...evaluated.summary,
      `predictions: ${predictions}`,
      `report: ${join(trained.folder, 'report.html')}`,
      `Next: busana train --data YOUR_FOLDER, busana predict ${trained.folder} YOUR_PHOTOS`,
    ],
  };
}
