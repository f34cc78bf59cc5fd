/** @file `busana explain`: photos in, pictures and values of why the model answers as it does out. */
import {
  BusanaError,
  type ExplainedPhoto,
  type Explanation,
  type ExplanationMethod,
  type ExplainedScore,
  type Masking,
} from '@busana/contracts';
import { basename, dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { readImageBytes } from '../data/bytes.ts';
import type { Photo } from '../data/dataset.ts';
import { openSources } from '../data/sources.ts';
import { expectDevice, type EngineOptions } from '../engine-options.ts';
import { limitDecoding } from '../image/decode.ts';
import type { Picture } from '../image/picture.ts';
import { preparePicture } from '../image/resize.ts';
import { chooseModels } from '../predict/choose-models.ts';
import { RunFolder } from '../train/run-folder.ts';
import { readBackground, type Background } from './background.ts';
import { SQUARES } from './explain-bytes.ts';
import { explainPhoto } from './explain-photo.ts';
import { photoLines } from './lines.ts';
import type { Explainer } from './method.ts';
import { methods } from './methods/table.ts';
import { checkWish, type Wish } from './target.ts';
import { fileName, writePhoto } from './write-photo.ts';
import type { SheetRow } from './sheet.ts';
import { writeSheets } from './write-sheets.ts';

export interface ExplainRequest extends EngineOptions {
  /** A model, then sources of photos; sources alone for the model that comes with busana. */
  readonly given: readonly string[];
  /** Default `partition`. */
  readonly method?: ExplanationMethod;
  readonly wish?: Wish;
  /** Folder to write; default `explanations`. With a number behind it when it exists. */
  readonly out?: string;
  /** Model evaluations; default: the method's. */
  readonly samples?: number;
  /** Default `blur`. */
  readonly masking?: Masking;
  /** What values are shares of; default log-odds where the model answers with probabilities. */
  readonly score?: ExplainedScore;
  /** Photos that `shap` compares with; default: drawn garments. */
  readonly background?: string;
  /** Whether deletion and insertion are measured; default true. */
  readonly curves?: boolean;
  readonly seed?: number;
  readonly stdin: Readable;
  readonly onProgress?: (label: string, done: number, total: number) => void;
  /** Lines for people, photo by photo. */
  readonly onNotice?: (line: string) => void;
  readonly signal?: AbortSignal;
}

export interface ExplainResult {
  readonly folder: string;
  readonly explanation: Explanation;
}

/**
 * @throws BusanaError USAGE, CONFIG_INVALID, DEVICE_UNAVAILABLE, MODEL_NOT_FOUND, MODEL_INVALID, DATA_NOT_FOUND,
 * OUTPUT_UNWRITABLE, INTERRUPTED; a photo that cannot be read is no failure: its entry says so
 */
export async function explain(request: ExplainRequest): Promise<ExplainResult> {
  const { method = 'partition', wish = {}, out = 'explanations', masking = 'blur', seed = 0 } = request;
  const { threads = 0, device = 'cpu', stdin } = request;
  const chosen = methods[method];
  const samples = samplesOf(method, request.samples);
  if (request.background !== undefined && chosen.needsBackground !== true) {
    throw new BusanaError('USAGE', `${method} compares with no background photos; only shap does`);
  }
  if (request.score !== undefined && !chosen.signed) {
    throw new BusanaError('USAGE', `values of ${method} only say how much, and are shares of no score`);
  }
  await expectDevice(device);
  limitDecoding(threads);
  const { models, sources } = await chooseModels(request.given);
  const photos: Photo[] = [];
  for await (const photo of await openSources(sources, stdin)) photos.push(photo);
  let background: Background | undefined;
  const explainer = await chosen.open(models[0]!, {
    samples,
    masking,
    score: request.score,
    seed,
    threads,
    device,
    background: async (size) => (background = await readBackground(request.background, { size, seed, stdin })).photos,
  });
  try {
    checkWish(explainer.subject, wish);
    const folder = await RunFolder.create(dirname(out), basename(out));
    const facts: Omit<Explanation, 'photos'> = {
      model: explainer.subject.name,
      method,
      size: explainer.subject.size,
      score: explainer.score ?? null,
      class_independent: chosen.classIndependent === true,
      samples: chosen.samples === undefined ? null : samples,
      masking: chosen.masks === true ? masking : null,
      background: background === undefined ? null : { source: background.source, photos: background.photos.length },
      seed,
    };
    const { explained, rows } = await explainAll(request, explainer, photos, folder, facts);
    const explanation = { ...facts, photos: explained };
    await writeSheets(folder, facts, rows);
    await folder.writeJson('explanation.json', explanation);
    return { folder: folder.path, explanation };
  } finally {
    await explainer.release();
  }
}

/** Photo by photo; what is found is written at once. */
async function explainAll(
  { wish = {}, curves = true, onProgress, onNotice, signal }: ExplainRequest,
  explainer: Explainer,
  photos: readonly Photo[],
  folder: RunFolder,
  facts: Omit<Explanation, 'photos'>,
): Promise<{ explained: ExplainedPhoto[]; rows: SheetRow[] }> {
  const explained: ExplainedPhoto[] = [];
  const rows: SheetRow[] = [];
  const stems = new Set<string>();
  for (const [index, photo] of photos.entries()) {
    const picture = await pictureOf(photo, facts.size);
    if (typeof picture === 'string') {
      explained.push({ image: photo.name, error: picture, garment_area: null, seconds: 0, attributions: [] });
    } else {
      const { garment_area, seconds, findings } = await explainPhoto(explainer, picture, {
        wish,
        curves,
        onProgress: (done, total) =>
          onProgress?.(`${facts.method} ${photo.id}`, index * total + done, photos.length * total),
        ...(signal && { signal }),
      });
      const stem = freshName(fileName(photo.id), stems);
      const { data } = picture;
      const { signed: oneScale, grainy } = methods[facts.method];
      const square = grainy === true ? Math.ceil(facts.size / SQUARES) : 1;
      const { size, method, score } = facts;
      const files = { stem, name: photo.id, picture: data, size, method, score, oneScale, square };
      const { records, row } = await writePhoto(folder, files, findings);
      explained.push({ image: photo.name, error: null, garment_area, seconds, attributions: records });
      rows.push(row);
    }
    for (const line of photoLines(facts, explained.at(-1)!)) onNotice?.(line);
  }
  return { explained, rows };
}

/** The photo as the model takes it, or why it cannot be read. */
async function pictureOf({ location }: Photo, size: number): Promise<Picture | string> {
  try {
    return await preparePicture(await readImageBytes(location), size);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** @throws BusanaError CONFIG_INVALID */
function samplesOf(method: ExplanationMethod, given: number | undefined): number {
  const { samples } = methods[method];
  if (given === undefined) return samples ?? 0;
  if (samples === undefined) throw new BusanaError('CONFIG_INVALID', `the number of evaluations of ${method} is fixed`);
  if (Number.isInteger(given) && given >= 10) return given;
  throw new BusanaError('CONFIG_INVALID', `samples is a whole number from 10, not ${given}`);
}

/** Photos of several folders may share an id. */
function freshName(name: string, taken: Set<string>): string {
  let candidate = name;
  for (let number = 2; taken.has(candidate); number += 1) candidate = `${name}-${number}`;
  taken.add(candidate);
  return candidate;
}
