/** @file `busana predict`: sources in, one line per photo out, written as it goes. */
import { BusanaError, type Prediction } from '@busana/contracts';
import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { loadModels } from '../artifact/ensemble.ts';
import type { Model } from '../artifact/model.ts';
import type { Photo } from '../data/dataset.ts';
import { openSources, type PhotoStream } from '../data/sources.ts';
import { expectDevice, type EngineOptions } from '../engine-options.ts';
import { limitDecoding } from '../image/decode.ts';
import { unwritable, writeOutput } from '../output/write.ts';
import { chooseModels, modelFingerprint } from './choose-models.ts';
import { classifyBatches } from './classify.ts';
import { predictionHeader, predictionLine, type PredictionFormat } from './output.ts';
import { PartialFile, type Plan } from './partial-file.ts';
import { batchSize } from './prepare-ahead.ts';
import { submissionLines } from './submission.ts';

type Photos = Iterable<Photo> | AsyncIterable<Photo>;

export interface PredictRequest extends EngineOptions {
  /** A model, then sources of photos; sources alone for the model that comes with busana, or an ensemble. */
  readonly given: readonly string[];
  /** Models whose probabilities are averaged. */
  readonly ensemble?: readonly string[];
  /** Whether the mirrored photo counts as well. */
  readonly mirror?: boolean;
  readonly format: PredictionFormat | 'submission';
  /** File to write; stdout without it. */
  readonly out?: string;
  /** Go on with what an interrupted run has written for `out`. */
  readonly resume?: boolean;
  /** Sample submission, for the format `submission`. */
  readonly sample?: string;
  readonly stdin: Readable;
  readonly stdout: Writable;
  /** After every batch; the total is unknown while a list on stdin is read. */
  readonly onProgress?: (done: number, total: number | undefined) => void;
  /** Lines for people on the way. */
  readonly onNotice?: (line: string) => void;
  readonly signal?: AbortSignal;
}

export interface PredictResult {
  readonly photos: number;
  readonly failed: number;
  /** Photos of {@link photos} whose rows an earlier run had written. */
  readonly resumed: number;
  /** Lines for people. */
  readonly summary: readonly string[];
}

interface Tally {
  done: number;
  failed: number;
  resumed: number;
}

/**
 * @throws BusanaError USAGE, DEVICE_UNAVAILABLE, MODEL_NOT_FOUND, MODEL_INVALID, DATA_NOT_FOUND, RESUME_IMPOSSIBLE,
 * OUTPUT_UNWRITABLE, INTERRUPTED; whatever ends a run, rows that it has written for `out` are kept for `resume`
 */
export async function predict(request: PredictRequest): Promise<PredictResult> {
  const { format, out, resume = false, mirror = false, threads = 0, device = 'cpu' } = request;
  if (resume && (out === undefined || format === 'submission')) {
    const why = out === undefined ? 'there is no --out' : 'a submission is written at once';
    throw new BusanaError('USAGE', `--resume has nothing to go on with: ${why}`);
  }
  await expectDevice(device);
  limitDecoding(threads);
  const { models, sources } = await chooseModels(request.given, request.ensemble);
  const photos = await openSources(sources, request.stdin);
  if (out !== undefined) await expectFolder(out);
  const model = await loadModels({ models, mirror, threads, device });
  const tally: Tally = { done: 0, failed: 0, resumed: 0 };
  // Whoever is asked to stop does not wait for the rest of a list.
  request.signal?.addEventListener('abort', () => request.stdin.destroy(), { once: true });
  try {
    if (format !== 'submission' && out !== undefined) {
      const origin = { model: await modelFingerprint(models, mirror), format, sources: [...sources] };
      await writeRows(request, model, photos, { out, origin }, tally);
    } else {
      await writeAtOnce(request, model, photos, tally);
    }
  } finally {
    await model.release();
  }
  return { photos: tally.done, failed: tally.failed, resumed: tally.resumed, summary: summarise(tally, out) };
}

/** Rows into a file that a later run can go on with. */
async function writeRows(
  request: PredictRequest,
  model: Model,
  photos: PhotoStream,
  { out, origin }: Pick<Plan, 'out' | 'origin'>,
  tally: Tally,
): Promise<void> {
  const { format } = origin;
  const taxonomy = model.metadata['busana.schema'];
  const plan = { out, origin, header: predictionHeader(format, taxonomy), batch: batchSize(model.sizes), photos };
  const left = await PartialFile.exists(out);
  if (left && request.resume !== true) {
    request.onNotice?.(`an interrupted run had left ${out}.partial; this one starts over, --resume would have gone on`);
  }
  const file = left && request.resume === true ? await PartialFile.resume(plan) : await PartialFile.start(plan);
  try {
    const { kept, failed, photos: others } = file.continuation;
    Object.assign(tally, { done: kept, failed, resumed: kept });
    if (request.resume === true) request.onNotice?.(`${kept} photos are done already`);
    for await (const batch of classified(request, model, others, photos.total, tally)) {
      await file.append(batch.map((prediction) => predictionLine(format, prediction, taxonomy)));
    }
    await file.finish();
  } finally {
    await file.close();
  }
}

/** To stdout, or a submission, which is refused or written as a whole. */
async function writeAtOnce(request: PredictRequest, model: Model, photos: PhotoStream, tally: Tally): Promise<void> {
  const { format, out, sample, stdout } = request;
  const taxonomy = model.metadata['busana.schema'];
  const batches = (list: Photos, total: number | undefined) => classified(request, model, list, total, tally);
  try {
    if (format === 'submission') {
      const lines = await submissionLines(sample, photos, taxonomy, (list) => batches(list, list.length));
      await (out === undefined ? print(lines, stdout) : writeOutput(out, text(lines)));
      return;
    }
    const header = predictionHeader(format, taxonomy);
    if (header !== undefined) await print([header], stdout);
    for await (const batch of batches(photos, photos.total)) {
      const lines = batch.map((prediction) => predictionLine(format, prediction, taxonomy));
      await print(lines, stdout);
    }
  } catch (error) {
    if (!(error instanceof BusanaError) || error.code !== 'INTERRUPTED') throw error;
    const remedy = 'Run the command again; of csv and jsonl with --out, a run that was stopped can go on.';
    throw new BusanaError('INTERRUPTED', error.message, { remedy, cause: error });
  }
}

/** Batches of predictions; a batch counts as done when the next one is asked for. */
async function* classified(
  { signal, onProgress }: PredictRequest,
  model: Model,
  photos: Photos,
  total: number | undefined,
  tally: Tally,
): AsyncGenerator<Prediction[]> {
  for await (const batch of classifyBatches(model, photos, signal, tally.done)) {
    yield batch;
    tally.done += batch.length;
    tally.failed += batch.filter(({ status }) => status === 'error').length;
    onProgress?.(tally.done, total);
  }
}

async function print(lines: readonly string[], stdout: Writable): Promise<void> {
  if (!stdout.write(text(lines))) await new Promise((resolve) => stdout.once('drain', resolve));
}

function text(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

/** Found out before a long work and not at its end. */
async function expectFolder(out: string): Promise<void> {
  await access(dirname(out)).catch((cause: unknown) => {
    throw unwritable(out, cause);
  });
}

function summarise({ done, failed, resumed }: Tally, out: string | undefined): string[] {
  const earlier = resumed === 0 ? '' : `, ${resumed} of them by an earlier run`;
  const where = out === undefined ? '' : `, written to ${out}`;
  const unread = failed === 0 ? [] : [`${failed} photos could not be read: see their rows`];
  return [`${done} photos${earlier}${where}`, ...unread];
}
