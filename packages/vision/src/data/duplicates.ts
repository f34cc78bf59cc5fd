/** @file Photos that must share a fold: exact duplicates, near-duplicates, and one photo in several colours. */
import type { Photo } from './dataset.ts';
import { correlation, HASH_WORDS } from './difference-hash.ts';
import { examinePhotos, type Examination, type ExamineOptions } from './examine.ts';
import { nearPairs } from './near-hashes.ts';

/** Candidates differ in at most so many of 256 bits. */
const NEAR = 8;
/** A candidate is confirmed when the pixels of both thumbnails, grey and standardised, correlate at least so much. */
const CONFIRMED = 0.9;

export interface DuplicatePair {
  /** Positions among the photos given, the smaller first. */
  readonly first: number;
  readonly second: number;
  /** `exact`: the same pixels. `near`: the same structure, whatever the colour. */
  readonly kind: 'exact' | 'near';
  /** Bits of 256 in which the hashes differ. */
  readonly distance: number;
  /** Correlation of the thumbnails. */
  readonly correlation: number;
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
export function findPairs({ digests, hashes, thumbnail }: Examination<Photo>): DuplicatePair[] {
  const firstOf = new Map<string, number>();
  const pairs: DuplicatePair[] = [];
  digests.forEach((digest, second) => {
    const first = firstOf.get(digest);
    if (first === undefined) firstOf.set(digest, second);
    else pairs.push({ first, second, kind: 'exact', distance: 0, correlation: 1 });
  });
  const different = [...firstOf.values()];
  const words = new Uint32Array(different.length * HASH_WORDS);
  different.forEach((photo, position) => {
    words.set(hashes.subarray(photo * HASH_WORDS, (photo + 1) * HASH_WORDS), position * HASH_WORDS);
  });
  for (const { first, second, distance } of nearPairs(words, NEAR)) {
    const [a, b] = [different[first]!, different[second]!];
    const similarity = correlation(thumbnail(a), thumbnail(b));
    if (similarity < CONFIRMED) continue;
    pairs.push({ first: a, second: b, kind: 'near', distance, correlation: similarity });
  }
  return pairs.sort((a, b) => a.second - b.second || a.first - b.first);
}

/** Joins pairs into groups (union-find; the representative is the first member). */
export function groupPairs(photos: readonly Photo[], pairs: readonly DuplicatePair[]): DuplicateGroups {
  const parent = photos.map((_, index) => index);
  const root = (index: number): number => (parent[index] === index ? index : (parent[index] = root(parent[index]!)));
  const reasons = photos.map(() => NO_DUPLICATE);
  for (const { first, second, kind, distance } of pairs) {
    const [a, b] = [root(first), root(second)];
    parent[Math.max(a, b)] = Math.min(a, b);
    const what = kind === 'exact' ? 'same pixels as' : `near-duplicate (${distance} of 256 bits differ) of`;
    reasons[second] = `${what} ${photos[first]!.name}`;
    if (reasons[first] === NO_DUPLICATE) reasons[first] = `${what} ${photos[second]!.name}`;
  }
  return { groupOf: photos.map((_, index) => root(index)), pairs, reasons };
}
