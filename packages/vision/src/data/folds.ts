/** @file Folds: seeded, stratified on the combination of attributes, never splitting a group. */
import { BusanaError } from '@busana/contracts';
import { Random } from '@busana/engine';
import type { Targets } from './dataset.ts';

export interface SplitInput {
  readonly targets: readonly Targets[];
  /** Group of each photo; photos of one group stay together. */
  readonly groupOf: readonly number[];
}

/**
 * Fold 1..folds of each photo. Groups, larger first and otherwise in a seeded order, go to the fold that has the
 * smallest share of their combination of labels so far, ties by the smaller fold.
 * @throws BusanaError CONFIG_INVALID when there are more folds than groups
 */
export function assignFolds(input: SplitInput, { folds, seed }: { folds: number; seed: number }): number[] {
  return assign(input, new Array<number>(folds).fill(1 / folds), seed).map((part) => part + 1);
}

/** Whether each photo is held back; about `fraction` of each combination of labels is. */
export function holdout(input: SplitInput, { fraction, seed }: { fraction: number; seed: number }): boolean[] {
  if (fraction === 0) return input.targets.map(() => false);
  return assign(input, [1 - fraction, fraction], seed).map((part) => part === 1);
}

/** Part of each photo, parts having the given shares of every combination of labels. */
function assign({ targets, groupOf }: SplitInput, shares: readonly number[], seed: number): number[] {
  const groups = new Map<number, number[]>();
  groupOf.forEach((group, photo) => groups.set(group, [...(groups.get(group) ?? []), photo]));
  if (groups.size < shares.length) {
    throw new BusanaError(
      'CONFIG_INVALID',
      `${groups.size} groups of photos cannot be split into ${shares.length} parts`,
    );
  }
  const stratumOf = targets.map((photo) => photo.join());
  const counts = new Map<string, number[]>();
  const sizes = shares.map(() => 0);
  const countsOf = (stratum: string): number[] => {
    const known = counts.get(stratum) ?? shares.map(() => 0);
    counts.set(stratum, known);
    return known;
  };
  const result = new Array<number>(targets.length).fill(0);
  const shuffled = Random.of(seed, 'folds').shuffle([...groups.values()]);
  for (const members of shuffled.sort((a, b) => b.length - a.length)) {
    // How full each part would be with this group, first in the group's own strata, then in all.
    const load = shares.map((share, part) => {
      const own = members.reduce((sum, photo) => sum + countsOf(stratumOf[photo]!)[part]! + 1, 0) / share;
      return [own, sizes[part]! / share, part] as const;
    });
    const part = load.reduce((a, b) => (b[0] < a[0] || (b[0] === a[0] && b[1] < a[1]) ? b : a))[2];
    for (const photo of members) {
      countsOf(stratumOf[photo]!)[part]! += 1;
      sizes[part]! += 1;
      result[photo] = part;
    }
  }
  return result;
}
