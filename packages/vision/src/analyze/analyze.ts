import type { Analysis, AttributeCounts } from '@busana/contracts';
import { MISSING, type Dataset, type ImageLocation } from '../data/dataset.ts';
import { imageStatistics } from './image-statistics.ts';
import { analyzePair, valueLabel } from './pairs.ts';

export interface AnalyzeOptions {
  /** Level of the tests of independence, 0..1. */
  readonly alpha?: number;
  /** Reads a file of the data set; without it the files are not looked at. */
  readonly read?: (location: ImageLocation) => Promise<Uint8Array>;
}

/**
 * What a labelled data set holds: counts per value, how every two attributes go together (contingency table,
 * chi-square test, and what it means for the choice of labels), and what the files are.
 */
export async function analyzeDataset(dataset: Dataset, { alpha = 0.05, read }: AnalyzeOptions = {}): Promise<Analysis> {
  const { source, taxonomy, photos, test } = dataset;
  const targets = photos.map((photo) => photo.targets);
  const pairs = taxonomy.attributes.flatMap((_, row) =>
    taxonomy.attributes.slice(row + 1).map((_, offset) => [row, row + 1 + offset] as const),
  );
  const files = read && [...photos, ...test].map(({ name, location }) => ({ name, read: () => read(location) }));
  return {
    source,
    photos: photos.length,
    test_photos: test.length,
    fully_labelled: targets.filter((photo) => !photo.includes(MISSING)).length,
    attributes: taxonomy.attributes.map((_, index) => countValues(dataset, index)),
    pairs: pairs.map((pair) => analyzePair(targets, taxonomy.attributes, pair, alpha)),
    images: files ? await imageStatistics(files) : null,
  };
}

function countValues({ taxonomy, photos }: Dataset, index: number): AttributeCounts {
  const { name, kind, values } = taxonomy.attributes[index]!;
  const count = (value: number): number => photos.filter(({ targets }) => targets[index] === value).length;
  return {
    name,
    kind,
    values: values.map((value, position) => ({ code: value.code, label: valueLabel(value), count: count(position) })),
    missing: count(MISSING),
  };
}
