/** @file Arms that were judged on the same photos, against one another. */
import type { Taxonomy, Verdict } from '@busana/contracts';
import { comparisonVerdict } from '../evaluate/verdict.ts';
import type { LabelledPhoto } from '../data/dataset.ts';
import { exactMatches, type HeldOut } from './held-out.ts';

/**
 * The verdict on the photos that are labelled in every attribute.
 * @param arms of the same photos in the same order
 * @param groupOf group of each photo of the data set, where groups are known
 */
export function judgeHeldOut(
  arms: readonly HeldOut[],
  photos: readonly Pick<LabelledPhoto, 'targets'>[],
  taxonomy: Taxonomy,
  groupOf?: readonly number[],
): Verdict {
  const outcomes = arms.map((heldOut) => ({ name: heldOut.arm, matches: exactMatches(heldOut, photos, taxonomy) }));
  const judged = [...(outcomes[0]?.matches.keys() ?? [])];
  return comparisonVerdict(
    outcomes.map(({ name, matches }) => ({ name, correct: [...matches.values()] })),
    groupOf && { groups: judged.map((photo) => groupOf[photo]!) },
  );
}

/** How far the best is ahead of each other one, a line each, in percentage points. */
export function differenceLines({ best, comparisons }: Verdict): string[] {
  const points = (share: number): string => (share * 100).toFixed(1);
  return comparisons.map(
    ({ rival, emr_difference: { value, low, high }, only_best_right, only_rival_right }) =>
      `${best} less ${rival}: ${points(value)} points of EMR (paired bootstrap interval ${points(low)} to ${points(high)}); ` +
      `only ${best} right on ${only_best_right} photos, only ${rival} on ${only_rival_right}`,
  );
}
