/** @file Which predictions are right. Probabilities are `[N * classes]` row-major per attribute, targets one per photo. */
import { MISSING, type Targets } from '../data/dataset.ts';

/** Probabilities of N photos: per attribute, `[N * classes]` row-major. */
export type Probabilities = readonly Float32Array[];

/** One photo whose every attribute is labelled. */
export interface JointOutcome {
  /** Position among the photos given. */
  readonly photo: number;
  /** Every attribute right: the study's exact match. */
  readonly correct: boolean;
  /** Product over the attributes of the likeliest class's probability, 0..1. */
  readonly confidence: number;
}

/** Likeliest class per photo; the first of equals. */
export function likeliest(probabilities: Float32Array, photos: number): number[] {
  const classes = photos === 0 ? 0 : probabilities.length / photos;
  return Array.from({ length: photos }, (_, photo) => {
    let best = photo * classes;
    for (let index = best + 1; index < (photo + 1) * classes; index += 1) {
      if (probabilities[index]! > probabilities[best]!) best = index;
    }
    return best - photo * classes;
  });
}

/** Exact match and joint confidence of every fully labelled photo, in order; the others are left out. */
export function jointOutcomes(targets: readonly Targets[], probabilities: Probabilities): JointOutcome[] {
  const predicted = probabilities.map((values) => likeliest(values, targets.length));
  return targets.flatMap((truth, photo) => {
    if (truth.includes(MISSING)) return [];
    const confidence = probabilities.reduce((product, values, attribute) => {
      const classes = values.length / targets.length;
      return product * values[photo * classes + predicted[attribute]![photo]!]!;
    }, 1);
    return [{ photo, correct: truth.every((value, attribute) => predicted[attribute]![photo] === value), confidence }];
  });
}

/** Exact Match Ratio: the share of fully labelled photos with every attribute right; undefined when there are none. */
export function exactMatchRatio(targets: readonly Targets[], probabilities: Probabilities): number | undefined {
  return share(jointOutcomes(targets, probabilities).map(({ correct }) => correct));
}

/** Share of the labelled cells of one attribute that are right; undefined when no cell is labelled. */
export function attributeAccuracy(
  targets: readonly Targets[],
  probabilities: Probabilities,
  attribute: number,
): number | undefined {
  const predicted = likeliest(probabilities[attribute]!, targets.length);
  return share(
    targets.flatMap((truth, photo) => (truth[attribute] === MISSING ? [] : [truth[attribute] === predicted[photo]])),
  );
}

function share(correct: readonly boolean[]): number | undefined {
  return correct.length === 0 ? undefined : correct.filter(Boolean).length / correct.length;
}
