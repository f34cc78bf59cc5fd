/** @file What a run knows about photos it did not train on, and the file that says it. */
import type { Scaling, Taxonomy } from '@busana/contracts';
import { MISSING, type LabelledPhoto } from '../data/dataset.ts';
import { csvLine } from '../predict/output.ts';

/** Held-back predictions of one arm, over all its folds. */
export interface HeldOut {
  readonly arm: string;
  /** Positions of the photos, in the order of the data set. */
  readonly photos: readonly number[];
  /** Fold of each photo. */
  readonly folds: readonly number[];
  /** Per attribute, `[photos * classes]` row-major; of a run, calibrated on other photos than these. */
  readonly probabilities: readonly Float32Array[];
  /** How they were calibrated; of a run as it was trained. */
  readonly scaling?: Omit<Scaling, 'before'> & {
    /** What the network itself said. */
    readonly uncalibrated: readonly Float32Array[];
  };
}

/** Joins folds into one list in the order of the data set. */
export function joinFolds(
  arm: string,
  folds: readonly { fold: number; photos: readonly number[]; probabilities: readonly Float32Array[] }[],
): HeldOut {
  const rows = folds
    .flatMap(({ fold, photos }, source) => photos.map((photo, row) => ({ fold, photo, source, row })))
    .sort((a, b) => a.photo - b.photo);
  const widths = (folds[0]?.probabilities ?? []).map((values) => values.length / folds[0]!.photos.length);
  const probabilities = widths.map((classes, attribute) => {
    const joined = new Float32Array(rows.length * classes);
    rows.forEach(({ source, row }, position) => {
      const values = folds[source]!.probabilities[attribute]!;
      joined.set(values.subarray(row * classes, (row + 1) * classes), position * classes);
    });
    return joined;
  });
  return { arm, photos: rows.map(({ photo }) => photo), folds: rows.map(({ fold }) => fold), probabilities };
}

/** Likeliest class of each attribute for one row. */
function predictedClasses({ probabilities }: HeldOut, row: number, classes: readonly number[]): number[] {
  return probabilities.map((values, attribute) => {
    const count = classes[attribute]!;
    const scores = values.subarray(row * count, (row + 1) * count);
    return scores.indexOf(Math.max(...scores));
  });
}

/** Per photo of the held-out list: every labelled attribute right. Photos with a missing label are left out. */
export function exactMatches(
  heldOut: HeldOut,
  photos: readonly Pick<LabelledPhoto, 'targets'>[],
  taxonomy: Taxonomy,
): Map<number, boolean> {
  const classes = taxonomy.attributes.map(({ values }) => values.length);
  return new Map(
    heldOut.photos.flatMap((photo, row) => {
      const { targets } = photos[photo]!;
      if (targets.includes(MISSING)) return [];
      const predicted = predictedClasses(heldOut, row, classes);
      return [[photo, targets.every((target, attribute) => target === predicted[attribute])] as const];
    }),
  );
}

/** `predictions.csv`: truth, prediction and every probability of each held-back photo of each arm. */
export function heldOutCsv(
  arms: readonly HeldOut[],
  photos: readonly Pick<LabelledPhoto, 'name' | 'targets'>[],
  { attributes }: Taxonomy,
): string {
  const columns = attributes.flatMap(({ name, values }) => [
    `${name}_truth`,
    name,
    `${name}_confidence`,
    ...values.map(({ code }) => `${name}=${code}`),
  ]);
  const classes = attributes.map(({ values }) => values.length);
  const header = csvLine(['arm', 'fold', 'image', ...columns, 'joint_confidence', 'exact_match']);
  const lines = arms.flatMap((heldOut) =>
    heldOut.photos.map((position, row) => {
      const photo = photos[position]!;
      const predicted = predictedClasses(heldOut, row, classes);
      const confidences = predicted.map(
        (value, index) => heldOut.probabilities[index]![row * classes[index]! + value]!,
      );
      const cells = attributes.flatMap(({ values }, index) => {
        const truth = photo.targets[index]!;
        const scores = heldOut.probabilities[index]!.subarray(row * values.length, (row + 1) * values.length);
        return [
          truth === MISSING ? '' : values[truth]!.code,
          values[predicted[index]!]!.code,
          confidences[index]!.toFixed(6),
          ...Array.from(scores, (score) => score.toFixed(6)),
        ];
      });
      const joint = confidences.reduce((product, confidence) => product * confidence, 1);
      const known = !photo.targets.includes(MISSING);
      const match = photo.targets.every((target, index) => target === predicted[index]);
      return csvLine([
        heldOut.arm,
        String(heldOut.folds[row]),
        photo.name,
        ...cells,
        joint.toFixed(6),
        known ? String(Number(match)) : '',
      ]);
    }),
  );
  return [header, ...lines].map((line) => `${line}\n`).join('');
}
