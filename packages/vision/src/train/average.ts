import type { Metrics, Taxonomy } from '@busana/contracts';
import type { LabelledPhoto } from '../data/dataset.ts';
import type { HeldOut } from './held-out.ts';
import { armMetrics } from './write-results.ts';

/**
 * What the arms of a comparison would measure together, their probabilities averaged: each photo is judged by networks
 * that have not seen it, as for each arm alone.
 * @param arms of the same photos on the same folds
 * @returns undefined for fewer than two
 */
export function averageMetrics(
  arms: readonly (HeldOut | undefined)[],
  photos: readonly LabelledPhoto[],
  taxonomy: Taxonomy,
): Metrics | undefined {
  const held = arms.filter((arm) => arm !== undefined);
  const [first] = held;
  if (first === undefined || held.length < 2) return undefined;
  const probabilities = first.probabilities.map((values, attribute) =>
    values.map((_, index) => held.reduce((sum, arm) => sum + arm.probabilities[attribute]![index]!, 0) / held.length),
  );
  return armMetrics({ heldOut: { ...first, arm: 'average', probabilities } }, photos, taxonomy);
}

/** A line for people. */
export function describeAverage(metrics: Metrics | undefined): string[] {
  if (metrics === undefined) return [];
  const { value, low, high } = metrics.emr;
  const interval = `95 % interval ${low.toFixed(4)} to ${high.toFixed(4)}`;
  return [`probabilities of all arms averaged: EMR ${value.toFixed(4)} (${interval})`];
}
