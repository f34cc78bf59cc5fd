/** @file `busana predict`: sources in, one line per photo out, written as it goes and complete or not at all. */
import { BusanaError, type Prediction } from '@busana/contracts';
import { open, rename, rm, stat } from 'node:fs/promises';
import type { Readable, Writable } from 'node:stream';
import { loadModels } from '../artifact/ensemble.ts';
import type { Model } from '../artifact/model.ts';
import { shippedModel } from '../artifact/shipped.ts';
import type { Photo } from '../data/dataset.ts';
import { listPhotos } from '../data/sources.ts';
import { unwritable } from '../output/write.ts';
import { classifyPhotos } from './classify.ts';
import { predictionHeader, predictionLine, type PredictionFormat } from './output.ts';
import { submissionLines } from './submission.ts';

export interface PredictRequest {
  /** A model, then sources of photos; sources alone for the model that comes with busana, or an ensemble. */
  readonly given: readonly string[];
  /** Models whose probabilities are averaged. */
  readonly ensemble?: readonly string[];
  /** Whether the mirrored photo counts as well. */
  readonly mirror?: boolean;
  readonly format: PredictionFormat | 'submission';
  /** File to write; stdout without it. */
  readonly out?: string;
  /** Sample submission, for the format `submission`. */
  readonly sample?: string;
  readonly threads?: number;
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

export interface PredictResult {
  readonly photos: number;
  readonly failed: number;
  /** Lines for people. */
  readonly summary: readonly string[];
}

/** @throws BusanaError USAGE, MODEL_NOT_FOUND, MODEL_INVALID, DATA_NOT_FOUND, OUTPUT_UNWRITABLE, INTERRUPTED */
export async function predict(request: PredictRequest): Promise<PredictResult> {
  const { models, sources } = await chooseModels(request);
  if (sources.length === 0) throw new BusanaError('USAGE', 'no photos are named');
  const photos = await listPhotos(sources, request.stdin);
  const model = await loadModels({
    models,
    mirror: request.mirror === true,
    ...(request.threads !== undefined && { threads: request.threads }),
  });
  const tally = { done: 0, failed: 0 };
  try {
    const lines = linesOf(request, model, photos, tally);
    await (request.out === undefined ? print(lines, request.stdout) : writeLines(lines, request.out));
  } finally {
    await model.release();
  }
  const unread = tally.failed === 0 ? [] : [`${tally.failed} photos could not be read: see their rows`];
  const summary = [`${tally.done} photos${request.out === undefined ? '' : `, written to ${request.out}`}`, ...unread];
  return { photos: tally.done, failed: tally.failed, summary };
}

async function chooseModels({
  given,
  ensemble,
}: PredictRequest): Promise<{ models: readonly string[]; sources: readonly string[] }> {
  if (ensemble !== undefined) return { models: ensemble, sources: given };
  const [first = '', ...others] = given;
  if (await mayBeModel(first)) return { models: [first], sources: others };
  const shipped = await shippedModel();
  if (shipped !== undefined && !first.endsWith('.onnx')) return { models: [shipped], sources: given };
  throw new BusanaError('MODEL_NOT_FOUND', `'${first}' is neither a model.onnx nor a run folder`, {
    remedy: 'Name the model first, then the photos: busana predict runs/train photos/',
  });
}

async function* linesOf(
  { format, sample, onProgress, signal }: PredictRequest,
  model: Model,
  photos: readonly Photo[],
  tally: { done: number; failed: number },
): AsyncGenerator<string> {
  const counted = async function* (list: readonly Photo[]): AsyncGenerator<Prediction> {
    for await (const prediction of classifyPhotos(model, list, signal)) {
      tally.done += 1;
      if (prediction.status === 'error') tally.failed += 1;
      onProgress?.(tally.done, list.length);
      yield prediction;
    }
  };
  const taxonomy = model.metadata['busana.schema'];
  if (format === 'submission') {
    if (sample === undefined)
      throw new BusanaError('USAGE', 'a submission needs --sample, the file whose form it takes');
    yield* submissionLines(sample, photos, taxonomy, counted);
    return;
  }
  const header = predictionHeader(format, taxonomy);
  if (header !== undefined) yield header;
  for await (const prediction of counted(photos)) yield predictionLine(format, prediction, taxonomy);
}

async function mayBeModel(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return false;
  return found.isDirectory() ? mayBeModel(`${path}/model.onnx`) : path.endsWith('.onnx');
}

async function print(lines: AsyncIterable<string>, stdout: Writable): Promise<void> {
  for await (const line of lines) {
    if (!stdout.write(`${line}\n`)) await new Promise((resolve) => stdout.once('drain', resolve));
  }
}

/** Streams into a temporary file beside the target and renames it when the last line is in. */
async function writeLines(lines: AsyncIterable<string>, path: string): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const file = await open(temporary, 'w');
    try {
      for await (const line of lines) await file.write(`${line}\n`);
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    if (cause instanceof BusanaError) throw cause;
    throw unwritable(path, cause);
  }
}
