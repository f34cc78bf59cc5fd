/** @file Folds: seeded, stratified on the combination of attributes, never splitting a group. */
import { appendTo } from '../append-to.ts';
import { BusanaError } from '@busana/contracts';
import { Random } from '@busana/engine';
import type { Targets } from './dataset.ts';

export interface SplitInput {
  readonly targets: readonly Targets[];
  /** Group of each photo; photos of one group stay together. */
  readonly groupOf: readonly number[];
}

/**
 * Fold 1..folds of each photo. Groups, larger first and otherwise in a seeded order, go to a fold that has not yet its
 * share of their combinations of labels, of these to the one that is farthest from its share of all photos.
 * @throws BusanaError CONFIG_INVALID when there are more folds than groups
 */
export function assignFolds(input: SplitInput, { folds, seed }: { folds: number; seed: number }): number[] {
  return assign(input, new Array<number>(folds).fill(1 / folds), seed).map((part) => part + 1);
}

/** Whether each photo is held back: `fraction` of all and of each combination of labels, rounded, but one at least. */
export function holdout(input: SplitInput, { fraction, seed }: { fraction: number; seed: number }): boolean[] {
  if (fraction === 0) return input.targets.map(() => false);
  return assign(input, [1 - fraction, fraction], seed).map((part) => part === 1);
}

/** Part of each photo, parts having the given shares of every combination of labels. */
function assign({ targets, groupOf }: SplitInput, shares: readonly number[], seed: number): number[] {
  const groups = new Map<number, number[]>();
  groupOf.forEach((group, photo) => appendTo(groups, group, photo));
  if (groups.size < shares.length) {
    throw new BusanaError(
      'CONFIG_INVALID',
      `${groups.size} groups of photos cannot be split into ${shares.length} parts`,
    );
  }
  const stratumOf = targets.map((photo) => photo.join());
  const strata = new Map(stratumOf.map((stratum) => [stratum, shares.map(() => 0)]));
  const sizes = shares.map(() => 0);
  const result = new Array<number>(targets.length).fill(0);
  const put = (members: readonly number[], part: number): void => {
    for (const photo of members) {
      strata.get(stratumOf[photo]!)![part]! += 1;
      sizes[part]! += 1;
      result[photo] = part;
    }
  };
  const order = Random.of(seed, 'folds')
    .shuffle([...groups.values()])
    .sort((a, b) => b.length - a.length);
  for (const members of order) {
    const own = members.map((photo) => stratumOf[photo]!);
    const scores = shares.map((share, part) => {
      // Photos above the share of their combination, rounded up, that the part would have with this group.
      const above = [...new Set(own)].map((stratum) => {
        const added = own.filter((other) => other === stratum).length;
        const counts = strata.get(stratum)!;
        return Math.max(0, counts[part]! + added - Math.ceil(share * (total(counts) + added) - ROUNDING));
      });
      return { part, above: total(above), missing: share * (total(sizes) + members.length) - sizes[part]! };
    });
    put(members, scores.reduce((a, b) => (isBetter(b, a) ? b : a)).part);
  }
  // A share of less than half a photo is still a part; the last group is one of the smallest.
  sizes.forEach((size, part) => {
    if (size === 0) put(order.at(-1)!, part);
  });
  return result;
}

interface Score {
  readonly above: number;
  readonly missing: number;
}

/** Shares are no exact binary fractions. */
const ROUNDING = 1e-9;

function isBetter(a: Score, b: Score): boolean {
  return a.above < b.above || (a.above === b.above && a.missing > b.missing + ROUNDING);
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
