import type { Duplicate, FileAnalysis } from '@busana/contracts';
import { MISSING, type Dataset, type LabelledPhoto, type Photo } from '../data/dataset.ts';
import { findDuplicateGroups } from '../data/duplicates.ts';
import { unreadablePhotos } from '../data/integrity.ts';
import { imageStatistics } from './image-statistics.ts';

/** Looks into every file of a data set, the test photos included: formats, sizes, damage, duplicates. */
export async function analyzeFiles({ taxonomy, photos, test }: Dataset): Promise<FileAnalysis> {
  const all: readonly (Photo | LabelledPhoto)[] = [...photos, ...test];
  const unreadable = await unreadablePhotos(all);
  const readable = all.filter((photo) => !unreadable.has(photo));
  const { pairs } = await findDuplicateGroups(readable);
  const names = taxonomy.attributes.map(({ name }) => name);
  return {
    images: await imageStatistics(readable),
    unreadable: [...unreadable].map(([{ name }, reason]) => ({ name, reason })),
    duplicates: pairs.map(({ first, second, kind }) => describe(readable[first]!, readable[second]!, kind, names)),
  };
}

function describe(
  first: Photo | LabelledPhoto,
  second: Photo | LabelledPhoto,
  kind: Duplicate['kind'],
  names: readonly string[],
): Duplicate {
  const targets = [first, second].flatMap((photo) => ('targets' in photo ? [photo.targets] : []));
  const differing = names.filter((_, index) => {
    const known = targets.map((photo) => photo[index]!).filter((target) => target !== MISSING);
    return known.length === 2 && known[0] !== known[1];
  });
  return { first: first.name, second: second.name, kind, leak: targets.length === 1, differing };
}
