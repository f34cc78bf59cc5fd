import type { Metrics, Taxonomy } from '@busana/contracts';
import type { LabelledPhoto } from '../data/dataset.ts';
import { describeExactMatch } from '../evaluate/describe.ts';
import type { HeldOut } from './held-out.ts';
import { heldOutMetrics } from './write-results.ts';

/**
 * The arms together, their probabilities averaged: each photo is judged by networks that have not seen it, as for each
 * arm alone.
 * @param arms of the same photos in the same order
 * @returns undefined for fewer than two
 */
export function averageHeldOut(arms: readonly (HeldOut | undefined)[]): HeldOut | undefined {
  const held = arms.filter((arm) => arm !== undefined);
  const [first] = held;
  if (first === undefined || held.length < 2) return undefined;
  const probabilities = first.probabilities.map((values, attribute) =>
    values.map((_, index) => held.reduce((sum, arm) => sum + arm.probabilities[attribute]![index]!, 0) / held.length),
  );
  const { photos, folds } = first;
  return { arm: 'average', photos, folds, probabilities };
}

/** What {@link averageHeldOut} measures. */
export function averageMetrics(
  arms: readonly (HeldOut | undefined)[],
  photos: readonly Pick<LabelledPhoto, 'name' | 'targets'>[],
  taxonomy: Taxonomy,
  groupOf?: readonly number[],
): Metrics | undefined {
  return heldOutMetrics(averageHeldOut(arms), photos, taxonomy, groupOf);
}

/** A line for people. */
export function describeAverage(metrics: Metrics | undefined): string[] {
  return metrics === undefined ? [] : [`probabilities of all arms averaged: ${describeExactMatch(metrics)}`];
}
