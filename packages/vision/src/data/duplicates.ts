/** @file Photos that must share a fold: exact duplicates, near-duplicates, and one photo in several colours. */
import type { Photo } from './dataset.ts';
import { HASH_WORDS } from './difference-hash.ts';
import { examinePhotos, type Examination, type ExamineOptions } from './examine.ts';
import { hammingDistance, nearPairs, type NearPair } from './near-hashes.ts';
import { confirmSame, NEAR, NEAR_EDGES, type Likeness } from './structure.ts';

export interface DuplicatePair extends Omit<Likeness, 'kind'> {
  /** Positions among the photos given, the smaller first. */
  readonly first: number;
  readonly second: number;
  /** `exact`: the same pixels; else as {@link Likeness} has it. */
  readonly kind: 'exact' | Likeness['kind'];
  /** Bits of 256 in which the difference hashes of the grey pictures differ. */
  readonly distance: number;
}

export interface DuplicateGroups {
  /** Group of each photo: the position of its first member. */
  readonly groupOf: readonly number[];
  readonly pairs: readonly DuplicatePair[];
  /** Why each photo is in its group, in words. */
  readonly reasons: readonly string[];
}

/** The reason of a photo on its own. */
export const NO_DUPLICATE = 'no duplicate';

/**
 * Looks at every photo once.
 * @throws BusanaError IMAGE_UNREADABLE for a photo that cannot be decoded
 */
export async function findDuplicateGroups(
  photos: readonly Photo[],
  options: ExamineOptions = {},
): Promise<DuplicateGroups> {
  const examination = await examinePhotos(photos, options);
  try {
    for (const error of examination.unreadable.values()) throw error;
    return groupPairs(photos, findPairs(examination));
  } finally {
    await examination.release();
  }
}

/**
 * Pairs ordered by the second photo. Of photos with the same pixels each is paired with the first of them, and only that
 * one with others: a placeholder that stands for thousands of photos would otherwise make millions of pairs.
 */
export function findPairs({ digests, hashes, edges, thumbnails }: Examination<Photo>): DuplicatePair[] {
  const firstOf = new Map<string, number>();
  const pairs: DuplicatePair[] = [];
  digests.forEach((digest, second) => {
    const first = firstOf.get(digest);
    if (first === undefined) firstOf.set(digest, second);
    else pairs.push({ first, second, kind: 'exact', distance: 0, structure: 1, colourDifference: 0 });
  });
  const different = [...firstOf.values()];
  const words = hashesOf(different, hashes);
  for (const { first, second } of candidates(words, hashesOf(different, edges))) {
    const likeness = confirmSame(thumbnails(different[first]!), thumbnails(different[second]!));
    if (likeness === undefined) continue;
    const distance = hammingDistance(words, first, second);
    pairs.push({ first: different[first]!, second: different[second]!, distance, ...likeness });
  }
  return pairs.sort((a, b) => a.second - b.second || a.first - b.first);
}

/** The hashes of some photos, one after the other. */
function hashesOf(photos: readonly number[], hashes: Uint32Array): Uint32Array {
  const chosen = new Uint32Array(photos.length * HASH_WORDS);
  photos.forEach((photo, position) => {
    chosen.set(hashes.subarray(photo * HASH_WORDS, (photo + 1) * HASH_WORDS), position * HASH_WORDS);
  });
  return chosen;
}

/** Pairs that are near by either hash, each once. */
function candidates(hashes: Uint32Array, edges: Uint32Array): readonly NearPair[] {
  const near = nearPairs(hashes, NEAR);
  const known = new Set(near.map(({ first, second }) => `${first},${second}`));
  return [...near, ...nearPairs(edges, NEAR_EDGES).filter(({ first, second }) => !known.has(`${first},${second}`))];
}

/** Joins pairs into groups (union-find; the representative is the first member). */
export function groupPairs(photos: readonly Photo[], pairs: readonly DuplicatePair[]): DuplicateGroups {
  const parent = photos.map((_, index) => index);
  const root = (index: number): number => (parent[index] === index ? index : (parent[index] = root(parent[index]!)));
  const reasons = photos.map(() => NO_DUPLICATE);
  for (const { first, second, kind, distance } of pairs) {
    const [a, b] = [root(first), root(second)];
    parent[Math.max(a, b)] = Math.min(a, b);
    const what = {
      exact: 'same pixels as',
      near: `near-duplicate (${distance} of 256 bits differ) of`,
      twin: 'in another colour than',
    }[kind];
    reasons[second] = `${what} ${photos[first]!.name}`;
    if (reasons[first] === NO_DUPLICATE) reasons[first] = `${what} ${photos[second]!.name}`;
  }
  return { groupOf: photos.map((_, index) => root(index)), pairs, reasons };
}
