import type { Analysis, AttributeCounts } from '@busana/contracts';
import { MISSING, type Dataset } from '../data/dataset.ts';
import { labelOf } from '../taxonomy/names.ts';
import { cacheFolder } from '../weights/cache.ts';
import type { BackboneRequest } from './backbone.ts';
import { readAllColours } from './colour-readings.ts';
import { analyzeEmbeddings } from './embeddings.ts';
import { examineFiles } from './files.ts';
import { analyzeColours } from './garment-colours.ts';
import { analyzePair } from './pairs.ts';

export interface AnalyzeOptions {
  /** Level of the tests of independence, 0..1. */
  readonly alpha?: number;
  /** Look into every file too; default false. */
  readonly files?: boolean;
  /** Ask a network too, which looks into every file first; default no. */
  readonly backbone?: BackboneRequest;
  /** Folder that remembers between runs what was found out about photos; default: the user's cache folder. */
  readonly cache?: string;
  /** Of the engine; 0 uses every core. */
  readonly threads?: number;
  /** Told how far a step is. */
  readonly onProgress?: (step: string, done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * What a labelled data set holds: counts per value, how every two attributes go together (contingency table,
 * chi-square test, and what it means for the choice of labels), and, where asked, what the files are, which colours the
 * garments have, and what a network makes of photos and labels.
 * @throws BusanaError WEIGHTS_INVALID, WEIGHTS_UNAVAILABLE, CONFIG_INVALID for the backbone; INTERRUPTED;
 * OUTPUT_UNWRITABLE
 */
export async function analyzeDataset(dataset: Dataset, options: AnalyzeOptions = {}): Promise<Analysis> {
  const { alpha = 0.05, files = false, backbone, cache = cacheFolder(), threads = 0, signal } = options;
  const { onProgress = () => undefined } = options;
  const { source, taxonomy, photos, test } = dataset;
  const targets = photos.map((photo) => photo.targets);
  const pairs = taxonomy.attributes.flatMap((_, row) =>
    taxonomy.attributes.slice(row + 1).map((_, offset) => [row, row + 1 + offset] as const),
  );
  const notes: string[] = [];
  const stoppable = signal && { signal };
  const readPhotos = (done: number, total: number): void => onProgress('reading photos', done, total);
  const examined =
    files || backbone !== undefined
      ? await examineFiles(dataset, { cache, onProgress: readPhotos, ...stoppable })
      : undefined;
  const colours =
    examined === undefined
      ? null
      : analyzeColours(
          dataset,
          examined.readable,
          await readAllColours(examined.readable, {
            cache,
            onProgress: (done, total) => onProgress('reading colours', done, total),
            ...stoppable,
          }),
        );
  const embeddings =
    examined === undefined || backbone === undefined
      ? null
      : await analyzeEmbeddings(dataset, examined, {
          backbone,
          cache,
          threads,
          onProgress,
          onNotice: (message) => notes.push(message),
          ...stoppable,
        });
  return {
    source,
    photos: photos.length,
    test_photos: test.length,
    fully_labelled: targets.filter((photo) => !photo.includes(MISSING)).length,
    attributes: taxonomy.attributes.map((_, index) => countValues(dataset, index)),
    pairs: pairs.map((pair) => analyzePair(targets, taxonomy.attributes, pair, alpha)),
    files: examined?.analysis ?? null,
    colours,
    embeddings,
    notes,
  };
}

function countValues({ taxonomy, photos }: Dataset, index: number): AttributeCounts {
  const { name, kind, values } = taxonomy.attributes[index]!;
  const count = (value: number): number => photos.filter(({ targets }) => targets[index] === value).length;
  return {
    name,
    kind,
    values: values.map((value, position) => ({ code: value.code, label: labelOf(value), count: count(position) })),
    missing: count(MISSING),
  };
}
