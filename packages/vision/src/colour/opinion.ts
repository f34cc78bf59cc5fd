/** @file The second opinion on colour: what the pixels of the garment say, without any network. */
import type { Attribute } from '@busana/contracts';
import type { ColourReading } from './reading.ts';
import { colourValues } from './values.ts';

/** What a colour counts for that no value is called by: greys are folds and shadows more often than the cloth. */
const INEXACT = 0.5;

/** The pixels' answer to an attribute of kind `colour`. */
export interface ColourOpinion {
  /** Share of the garment that has the colour of each value, in the order of the values; they add up to 1. */
  readonly shares: readonly number[];
  /** Position of the largest. */
  readonly value: number;
}

/** Undefined where the attribute's values are no colours. */
export function colourOpinion(
  { colours }: Pick<ColourReading, 'colours'>,
  attribute: Attribute,
): ColourOpinion | undefined {
  const values = colourValues(attribute);
  if (values === undefined) return undefined;
  const votes = attribute.values.map(() => 0);
  for (const { name, lab, share } of colours) {
    const { value, exact } = values.valueOf(name, lab);
    votes[value]! += exact ? share : INEXACT * share;
  }
  const total = votes.reduce((sum, vote) => sum + vote, 0);
  const shares = votes.map((vote) => vote / total);
  return { shares, value: shares.indexOf(Math.max(...shares)) };
}

/** Shares nearer to 0 than this are no evidence: prints, shadows, a mask that is not exact. */
const FLOOR = 0.05;
/** How much a clear opinion counts beside the network: as a witness heard twice. */
const WEIGHT = 2;

/**
 * How likely the network's answer is when the pixels are heard too: P(v) in proportion to p(v) * (share(v) + floor)^2, the
 * product of two experts (Hinton 2002, "Training products of experts", section 1). @param probabilities the network's
 */
export function heardTogether(probabilities: readonly number[], { shares }: ColourOpinion): readonly number[] {
  const products = probabilities.map((probability, value) => probability * (shares[value]! + FLOOR) ** WEIGHT);
  const total = products.reduce((sum, product) => sum + product, 0);
  return products.map((product) => product / total);
}
