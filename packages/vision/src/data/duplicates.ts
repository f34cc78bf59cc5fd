/** @file Photos that must share a fold: exact duplicates, near-duplicates, and one photo in several colours. */
import { createHash } from 'node:crypto';
import { decodePicture } from '../image/decode.ts';
import { readImageBytes } from './bytes.ts';
import type { Photo } from './dataset.ts';
import { correlation, hammingDistance, signatureOf, type Signature } from './difference-hash.ts';

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

interface Candidate extends Signature {
  readonly digest: string;
}

const IN_FLIGHT = 16;

/** Decodes every photo once. Pairs are compared all with all: 256 bits are eight words. */
export async function findDuplicateGroups(
  photos: readonly Photo[],
  onProgress?: (done: number, total: number) => void,
): Promise<DuplicateGroups> {
  const candidates = new Array<Candidate>(photos.length);
  let [next, done] = [0, 0];
  const work = async (): Promise<void> => {
    while (next < photos.length) {
      const index = next;
      next += 1;
      const picture = await decodePicture(await readImageBytes(photos[index]!.location));
      const digest = createHash('sha256')
        .update(`${picture.width}x${picture.height}`)
        .update(picture.data)
        .digest('hex');
      candidates[index] = { digest, ...(await signatureOf(picture)) };
      done += 1;
      onProgress?.(done, photos.length);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, work));
  return groupPairs(photos, findPairs(candidates));
}

function findPairs(candidates: readonly Candidate[]): DuplicatePair[] {
  return candidates.flatMap((b, second) =>
    candidates.slice(0, second).flatMap((a, first): DuplicatePair[] => {
      const distance = hammingDistance(a.hash, b.hash);
      if (distance > NEAR) return [];
      const similarity = correlation(a, b);
      if (a.digest === b.digest) return [{ first, second, kind: 'exact', distance, correlation: similarity }];
      return similarity >= CONFIRMED ? [{ first, second, kind: 'near', distance, correlation: similarity }] : [];
    }),
  );
}

/** Joins pairs into groups (union-find; the representative is the first member). */
export function groupPairs(photos: readonly Photo[], pairs: readonly DuplicatePair[]): DuplicateGroups {
  const parent = photos.map((_, index) => index);
  const root = (index: number): number => (parent[index] === index ? index : (parent[index] = root(parent[index]!)));
  const reasons = photos.map(() => 'no duplicate');
  for (const { first, second, kind, distance } of pairs) {
    const [a, b] = [root(first), root(second)];
    parent[Math.max(a, b)] = Math.min(a, b);
    const what = kind === 'exact' ? 'same pixels as' : `near-duplicate (${distance} of 256 bits differ) of`;
    reasons[second] = `${what} ${photos[first]!.name}`;
    if (reasons[first] === 'no duplicate') reasons[first] = `${what} ${photos[second]!.name}`;
  }
  return { groupOf: photos.map((_, index) => root(index)), pairs, reasons };
}
