/** @file Photos an export calibrates and measures on: given with --data, or those the run was trained on. */
import { BusanaError, type Taxonomy } from '@busana/contracts';
import { Random } from '@busana/engine';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Photo, Targets } from '../data/dataset.ts';
import type { DatasetOptions } from '../data/open-one.ts';
import { openDataset } from '../data/open.ts';
import { dataRequestSchema, type DataRequest } from '../data/request.ts';
import { listPhotos } from '../data/sources.ts';

export interface ExportPhotos {
  /** Where they are from, for people. */
  readonly source: string;
  readonly photos: readonly Photo[];
  /** Per photo, in the order of the model's attributes; undefined for photos without a table of labels. */
  readonly targets: readonly Targets[] | undefined;
}

/** Which of the photos are calibrated on and which measured on, as positions. */
export interface PhotoSplit {
  readonly calibration: readonly number[];
  readonly evaluation: readonly number[];
  /** Whether they are the same, because there are too few for two sets. */
  readonly shared: boolean;
}

/** The part of a run's config.yaml that says where its photos are. */
const runDataSchema = z.object({ data: dataRequestSchema });

/**
 * @param data what was asked for; without it, what the run folder at `path` names
 * @returns undefined when nothing was asked for, and `path` is no run folder or its photos are gone
 * @throws BusanaError for data that were asked for, as openDataset and listPhotos
 */
export async function exportPhotos(
  path: string,
  taxonomy: Taxonomy,
  data: DatasetOptions | undefined,
): Promise<ExportPhotos | undefined> {
  if (data !== undefined) return openPhotos(data, taxonomy);
  const own = await dataOfRun(path);
  if (own === undefined) return undefined;
  try {
    return await openPhotos(own, taxonomy);
  } catch (error) {
    if (error instanceof BusanaError && error.code === 'DATA_NOT_FOUND') return undefined;
    throw error;
  }
}

async function openPhotos(data: DatasetOptions, taxonomy: Taxonomy): Promise<ExportPhotos> {
  const { source } = data;
  try {
    const { photos } = await openDataset({ ...data, verifyImages: false, taxonomy });
    return { source, photos, targets: photos.map(({ targets }) => targets) };
  } catch (error) {
    // A folder or zip that is no data set may still be full of photos.
    const unlabelled = error instanceof BusanaError && error.code === 'DATA_NOT_FOUND';
    const given = unlabelled ? await stat(source).catch(() => undefined) : undefined;
    if (given === undefined) throw error;
    return { source, photos: await listPhotos([source], new PassThrough().end()), targets: undefined };
  }
}

async function dataOfRun(path: string): Promise<DataRequest | undefined> {
  const text = await readFile(join(path, 'config.yaml'), 'utf8').catch(() => undefined);
  const parsed = text === undefined ? undefined : runDataSchema.safeParse(parse(text));
  return parsed?.data?.data;
}

/** With fewer photos there is one set for both. */
const FEWEST = 8;

/**
 * Chosen by the seed, kept apart: half of the photos at most are calibrated on.
 * @param wanted photos to calibrate on
 * @param measured photos to measure on at most
 */
export function splitPhotos(count: number, wanted: number, measured: number, seed: number): PhotoSplit {
  const order = Random.of(seed, 'export').shuffle(Array.from({ length: count }, (_, index) => index));
  if (count < FEWEST) return { calibration: order, evaluation: order, shared: true };
  const calibrated = Math.min(wanted, Math.floor(count / 2));
  return {
    calibration: order.slice(0, calibrated),
    evaluation: order.slice(calibrated, calibrated + measured),
    shared: false,
  };
}
