import type { Duplicate, FileAnalysis } from '@busana/contracts';
import { MISSING, type Dataset, type Photo, type Targets } from '../data/dataset.ts';
import { findPairs, type DuplicatePair } from '../data/duplicates.ts';
import { examinePhotos } from '../data/examine.ts';
import { imageStatistics } from './image-statistics.ts';

/**
 * Looks into every file of a data set, the test photos included: formats, sizes, damage, duplicates.
 * @param cache folder of signatures kept between runs
 */
export async function analyzeFiles({ taxonomy, photos, test }: Dataset, cache?: string): Promise<FileAnalysis> {
  const all: readonly Photo[] = [...photos, ...test];
  const examination = await examinePhotos(all, cache === undefined ? {} : { cache });
  const { readable, unreadable } = examination;
  let pairs: readonly DuplicatePair[];
  try {
    pairs = findPairs(examination);
  } finally {
    await examination.release();
  }
  const targets = new Map<Photo, Targets>(photos.map((photo) => [photo, photo.targets]));
  return {
    images: await imageStatistics(readable),
    unreadable: [...unreadable].map(([{ name }, { message }]) => ({ name, reason: message })),
    duplicates: pairs.map((pair): Duplicate => {
      const [first, second] = [readable[pair.first]!, readable[pair.second]!];
      const [a, b] = [targets.get(first), targets.get(second)];
      const differing = taxonomy.attributes.flatMap(({ name }, index) =>
        differ(a?.[index], b?.[index]) ? [name] : [],
      );
      const leak = (a === undefined) !== (b === undefined);
      return { first: first.name, second: second.name, kind: pair.kind, leak, differing };
    }),
  };
}

/** Both are known, and not the same. */
function differ(a = MISSING, b = MISSING): boolean {
  return a !== MISSING && b !== MISSING && a !== b;
}
