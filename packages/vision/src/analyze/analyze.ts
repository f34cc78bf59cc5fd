import type { Analysis, AttributeCounts } from '@busana/contracts';
import { MISSING, type Dataset } from '../data/dataset.ts';
import { labelOf } from '../taxonomy/names.ts';
import { analyzeFiles } from './files.ts';
import { analyzePair } from './pairs.ts';

export interface AnalyzeOptions {
  /** Level of the tests of independence, 0..1. */
  readonly alpha?: number;
  /** Look into every file too; default false. */
  readonly files?: boolean;
  /** Folder that remembers between runs what was found out about photos. */
  readonly cache?: string;
}

/**
 * What a labelled data set holds: counts per value, how every two attributes go together (contingency table,
 * chi-square test, and what it means for the choice of labels), and, where asked, what the files are.
 */
export async function analyzeDataset(
  dataset: Dataset,
  { alpha = 0.05, files = false, cache }: AnalyzeOptions = {},
): Promise<Analysis> {
  const { source, taxonomy, photos, test } = dataset;
  const targets = photos.map((photo) => photo.targets);
  const pairs = taxonomy.attributes.flatMap((_, row) =>
    taxonomy.attributes.slice(row + 1).map((_, offset) => [row, row + 1 + offset] as const),
  );
  return {
    source,
    photos: photos.length,
    test_photos: test.length,
    fully_labelled: targets.filter((photo) => !photo.includes(MISSING)).length,
    attributes: taxonomy.attributes.map((_, index) => countValues(dataset, index)),
    pairs: pairs.map((pair) => analyzePair(targets, taxonomy.attributes, pair, alpha)),
    files: files ? await analyzeFiles(dataset, cache) : null,
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
