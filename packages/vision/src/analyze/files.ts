import type { Duplicate, FileAnalysis } from '@busana/contracts';
import { MISSING, type Dataset, type Photo, type Targets } from '../data/dataset.ts';
import { findPairs, groupPairs, type DuplicatePair } from '../data/duplicates.ts';
import { examinePhotos } from '../data/examine.ts';
import { imageStatistics } from './image-statistics.ts';
import { referencesOf, type Refer } from './references.ts';

/** What was found out about the files, and what later steps need of it. */
export interface ExaminedFiles {
  readonly analysis: FileAnalysis;
  /** Photos that can be decoded, labelled ones first. */
  readonly readable: readonly Photo[];
  /** Group of duplicates of each of them. */
  readonly groupOf: readonly number[];
}

export interface ExamineFilesOptions {
  /** Folder of signatures kept between runs. */
  readonly cache?: string;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** Looks into every file of a data set, the test photos included: formats, sizes, measures, damage, duplicates. */
export async function examineFiles(dataset: Dataset, options: ExamineFilesOptions = {}): Promise<ExaminedFiles> {
  const examination = await examinePhotos<Photo>([...dataset.photos, ...dataset.test], options);
  const { readable, unreadable, facts } = examination;
  let pairs: readonly DuplicatePair[];
  try {
    pairs = findPairs(examination);
  } finally {
    await examination.release();
  }
  const refer = referencesOf(dataset);
  return {
    readable,
    groupOf: groupPairs(readable, pairs).groupOf,
    analysis: {
      images: imageStatistics(readable, facts, refer),
      unreadable: [...unreadable].map(([photo, { message }]) => ({ photo: refer(photo), reason: message })),
      ...exactGroups(readable, pairs, refer),
      duplicates: describePairs(dataset, readable, pairs, refer),
    },
  };
}

function exactGroups(
  photos: readonly Photo[],
  pairs: readonly DuplicatePair[],
  refer: Refer,
): Pick<FileAnalysis, 'exact_groups' | 'exact_groups_across'> {
  const groups = new Map<number, Set<boolean>>();
  for (const { first, second, kind } of pairs) {
    // Copies are paired with the first of them, so that it stands for the group.
    if (kind !== 'exact') continue;
    const sides = groups.get(first) ?? new Set([refer(photos[first]!).test]);
    groups.set(first, sides.add(refer(photos[second]!).test));
  }
  return {
    exact_groups: groups.size,
    exact_groups_across: [...groups.values()].filter((sides) => sides.size > 1).length,
  };
}

function describePairs(
  { taxonomy, photos }: Dataset,
  readable: readonly Photo[],
  pairs: readonly DuplicatePair[],
  refer: Refer,
): Duplicate[] {
  const targets = new Map<Photo, Targets>(photos.map((photo) => [photo, photo.targets]));
  return pairs.map(({ first, second, kind, distance, structure, colourDifference }) => {
    const [one, other] = [readable[first]!, readable[second]!];
    const [a, b] = [targets.get(one), targets.get(other)];
    return {
      first: refer(one),
      second: refer(other),
      kind,
      distance,
      structure,
      colour_difference: colourDifference,
      leak: (a === undefined) !== (b === undefined),
      differing: taxonomy.attributes.flatMap(({ name }, index) => (differ(a?.[index], b?.[index]) ? [name] : [])),
    };
  });
}

/** Both are known, and not the same. */
function differ(a = MISSING, b = MISSING): boolean {
  return a !== MISSING && b !== MISSING && a !== b;
}
