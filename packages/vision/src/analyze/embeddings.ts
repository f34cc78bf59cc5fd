/** @file What a trained network says of the photos of a data set: likely label errors, and photos unlike all others. */
import type { EmbeddingAnalysis, OutlierAnalysis } from '@busana/contracts';
import { MISSING, type Dataset, type LabelledPhoto, type Photo } from '../data/dataset.ts';
import { fingerprint } from '../data/fingerprint.ts';
import type { TrainingInputs } from '../train/inputs.ts';
import { askBackbone, chooseBackbone, type AskOptions, type Backbone, type BackboneRequest } from './backbone.ts';
import { neighbourDistances } from './distances.ts';
import type { ExaminedFiles } from './files.ts';
import { judgeLabels } from './label-errors.ts';
import { outOfFold } from './out-of-fold.ts';
import { referencesOf } from './references.ts';
import { OUTSIDE, spreadOf } from './spread.ts';

const FOLDS = 5;
/** Fewer labelled photos than this say nothing about labels. */
const LEAST_PHOTOS = 20;
const NEIGHBOURS = 10;

export interface EmbeddingOptions extends AskOptions {
  readonly backbone: BackboneRequest;
  readonly threads: number;
}

/**
 * Looks at the readable photos of a data set through a backbone.
 * @param files what is known of them; labelled photos come first
 * @returns null when there is no backbone, or nothing to look at
 * @throws BusanaError WEIGHTS_INVALID, WEIGHTS_UNAVAILABLE, CONFIG_INVALID, INTERRUPTED, OUTPUT_UNWRITABLE
 */
export async function analyzeEmbeddings(
  dataset: Dataset,
  files: Pick<ExaminedFiles, 'readable' | 'groupOf'>,
  options: EmbeddingOptions,
): Promise<EmbeddingAnalysis | null> {
  const { onNotice, threads } = options;
  const backbone = await chooseBackbone(options.backbone, threads);
  if (backbone === undefined) {
    onNotice(
      'label errors and outliers were not looked for: no model is installed; name one with --model and --weights',
    );
    return null;
  }
  if (files.readable.length < 2) return null;
  const inputs = await askBackbone(backbone, files.readable, options);
  try {
    return {
      backbone: backbone.description,
      labels: await findLabelErrors(dataset, files, backbone, inputs, options),
      outliers: await findOutliers(dataset, files, inputs, options),
    };
  } finally {
    await inputs.release();
  }
}

/** A network agrees with errors that it was taught. */
async function hasLearnt({ learntFrom }: Backbone, { photos }: Dataset): Promise<boolean> {
  return learntFrom !== undefined && learntFrom === (await fingerprint(photos));
}

async function findLabelErrors(
  dataset: Dataset,
  { readable, groupOf }: Pick<ExaminedFiles, 'readable' | 'groupOf'>,
  backbone: Backbone,
  inputs: TrainingInputs,
  { onNotice, onProgress, signal }: EmbeddingOptions,
): Promise<EmbeddingAnalysis['labels']> {
  if (await hasLearnt(backbone, dataset)) {
    onNotice(
      'label errors were not looked for: the shipped model has learnt these very labels, errors included, and would doubt none; name a backbone that has not with --model and --weights',
    );
    return null;
  }
  const known = new Map<Photo, LabelledPhoto>(dataset.photos.map((photo) => [photo, photo]));
  const photos = readable.flatMap((photo) => known.get(photo) ?? []);
  const labelled = photos.filter(({ targets }) => targets.some((target) => target !== MISSING)).length;
  const groups = new Set(groupOf.slice(0, photos.length)).size;
  if (labelled < LEAST_PHOTOS || groups < FOLDS) {
    onNotice(`label errors were not looked for: ${labelled} labelled photos are too few`);
    return null;
  }
  const { taxonomy } = dataset;
  const { config } = backbone;
  const probabilities = await outOfFold({
    config,
    taxonomy,
    inputs,
    targets: photos.map(({ targets }) => targets),
    groupOf: groupOf.slice(0, photos.length),
    folds: FOLDS,
    onProgress: (done, total) => onProgress('judging labels', done, total),
    ...(signal && { signal }),
  });
  const judged = judgeLabels({ taxonomy, photos, probabilities, refer: referencesOf(dataset) });
  return { folds: FOLDS, seed: config.seed, ...judged };
}

async function findOutliers(
  dataset: Dataset,
  { readable, groupOf }: Pick<ExaminedFiles, 'readable' | 'groupOf'>,
  inputs: TrainingInputs,
  { onProgress, threads }: EmbeddingOptions,
): Promise<OutlierAnalysis> {
  const { means, nearest, references } = await neighbourDistances({
    inputs,
    groupOf,
    neighbours: NEIGHBOURS,
    threads,
    seed: 0,
    onProgress: (done, total) => onProgress('comparing embeddings', done, total),
  });
  const refer = referencesOf(dataset);
  const { limits, median, outlying } = spreadOf([...means], { fence: OUTSIDE });
  return {
    neighbours: NEIGHBOURS,
    references,
    limit: limits.high,
    median,
    outliers: outlying
      // A photo nearer to others than most is none that stands alone.
      .filter((photo) => means[photo]! > limits.high)
      .map((photo) => ({
        photo: refer(readable[photo]!),
        distance: means[photo]!,
        nearest: refer(readable[nearest[photo]!]!),
      })),
  };
}
