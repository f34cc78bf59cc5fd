/**
 * @file The study's "concatenated" form of a data set: one label that stands for a combination of values, beside the
 * "multi-valued" form with a target per attribute.
 */
import type { Taxonomy } from '@busana/contracts';
import { MISSING, type Targets } from '../data/dataset.ts';
import { labelOf } from './names.ts';

/**
 * Class of a combination, the last attribute varying fastest; {@link MISSING} when any part is.
 * @param classes number of values per attribute
 */
export function combine(targets: Targets, classes: readonly number[]): number {
  if (targets.includes(MISSING)) return MISSING;
  return classes.reduce((index, count, attribute) => index * count + targets[attribute]!, 0);
}

/** The targets a combined class stands for: the inverse of {@link combine}; all {@link MISSING} for that. */
export function separate(combined: number, classes: readonly number[]): number[] {
  if (combined === MISSING) return classes.map(() => MISSING);
  let rest = combined;
  return classes.map((_, attribute) => {
    const stride = classes.slice(attribute + 1).reduce((product, count) => product * count, 1);
    const target = Math.floor(rest / stride);
    rest %= stride;
    return target;
  });
}

/** Names of all combined classes for people, e.g. `hoodie blue`, by class. */
export function combinedLabels({ attributes }: Taxonomy, language?: string): string[] {
  const classes = attributes.map(({ values }) => values.length);
  const total = classes.reduce((product, count) => product * count, 1);
  return Array.from({ length: total }, (_, combined) =>
    separate(combined, classes)
      .map((value, attribute) => labelOf(attributes[attribute]!.values[value]!, language))
      .join(' '),
  );
}
