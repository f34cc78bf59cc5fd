/**
 * @file Temperature scaling of a run: the temperatures for the model file, fitted on everything that was held back, and
 * figures that do not flatter, for which no photo is judged by a temperature it helped to fit.
 */
import { fitTemperature } from '../artifact/temperature.ts';
import type { Targets } from '../data/dataset.ts';
import { assignFolds } from '../data/folds.ts';
import { attributeProbabilities, type ApproachPlan } from './approach.ts';
import { joinFolds, type HeldOut } from './held-out.ts';
import { softmaxRows } from './loss.ts';

/** Parts of photos that were held back once. */
const PARTS = 5;

/** What a network said of the photos that a fold held back. */
export interface FoldLogits {
  readonly fold: number;
  /** Positions in the data set. */
  readonly photos: readonly number[];
  /** Per head, `[photos * classes]` row-major. */
  readonly logits: readonly Float32Array[];
}

/** The photos of the data set, by position. */
export interface KnownPhotos {
  readonly targets: readonly Targets[];
  /** Group of each photo; a group is judged by temperatures that none of it helped to fit. */
  readonly groupOf: readonly number[];
}

/** Held-back predictions of an arm with temperatures fitted on the other folds; of one fold, on other parts of it. */
export function scaledHeldOut(
  arm: string,
  plan: ApproachPlan,
  folds: readonly FoldLogits[],
  known: KnownPhotos,
): HeldOut {
  const parts = folds.length > 1 ? folds : partsOf(folds[0]!, plan, known);
  const all = temperaturesOf(plan, parts, known);
  const scaled = parts.map((part) => {
    const others = parts.filter((other) => other !== part);
    return { ...part, probabilities: probabilitiesAt(plan, part.logits, temperaturesOf(plan, others, known)) };
  });
  const heads = plan.networks.flatMap((network) => network.heads);
  return {
    ...joinFolds(arm, scaled),
    scaling: {
      fitted_on: fittedOn(folds.length, parts.length),
      temperatures: Object.fromEntries(heads.map(({ name }, head) => [name, all[head]!])),
      uncalibrated: joinFolds(
        arm,
        parts.map((part) => ({ ...part, probabilities: probabilitiesAt(plan, part.logits) })),
      ).probabilities,
    },
  };
}

/** The same as the model file will answer them, with one temperature per head for all photos. */
export function heldOutAt(
  arm: string,
  plan: ApproachPlan,
  folds: readonly FoldLogits[],
  temperatures: readonly number[],
): HeldOut {
  return joinFolds(
    arm,
    folds.map((fold) => ({ ...fold, probabilities: probabilitiesAt(plan, fold.logits, temperatures) })),
  );
}

/** Per attribute, `[photos * classes]` row-major: softmax(logits / T) of each head, where T is given. */
export function probabilitiesAt(
  plan: ApproachPlan,
  logits: readonly Float32Array[],
  temperatures?: readonly number[],
): Float32Array[] {
  const heads = plan.networks.flatMap((network) => network.heads);
  const scaled = logits.map((head, index) => head.map((value) => value / (temperatures?.[index] ?? 1)));
  return attributeProbabilities(
    plan,
    scaled.map((head, index) => softmaxRows(head, heads[index]!.classes)),
  );
}

/** Per head, fitted on these parts together; 1 where there are none. */
function temperaturesOf(plan: ApproachPlan, parts: readonly FoldLogits[], { targets }: KnownPhotos): number[] {
  const heads = plan.networks.flatMap((network) => network.heads);
  const truth = parts.flatMap(({ photos }) =>
    photos.map((photo) => plan.networks.flatMap((network) => network.headTargets(targets[photo]!))),
  );
  return heads.map((_, head) =>
    fitTemperature(
      concatenate(parts.map(({ logits }) => logits[head]!)),
      truth.map((photo) => photo[head]!),
    ),
  );
}

function partsOf(fold: FoldLogits, plan: ApproachPlan, { targets, groupOf }: KnownPhotos): FoldLogits[] {
  const own = {
    targets: fold.photos.map((photo) => targets[photo]!),
    groupOf: fold.photos.map((photo) => groupOf[photo]!),
  };
  const groups = new Set(own.groupOf).size;
  if (groups < 2) return [fold];
  const partOf = assignFolds(own, { folds: Math.min(PARTS, groups), seed: 0 });
  const heads = plan.networks.flatMap((network) => network.heads);
  return [...new Set(partOf)].map((part) => {
    const rows = partOf.flatMap((other, row) => (other === part ? [row] : []));
    const logits = fold.logits.map((values, head) => {
      const { classes } = heads[head]!;
      return concatenate(rows.map((row) => values.subarray(row * classes, (row + 1) * classes)));
    });
    return { fold: fold.fold, photos: rows.map((row) => fold.photos[row]!), logits };
  });
}

function fittedOn(folds: number, parts: number): string {
  if (parts < 2) return 'nothing: too few photos were held back';
  return folds > 1 ? 'the other folds' : `the other ${parts - 1} of ${parts} parts of the held-back photos`;
}

function concatenate(arrays: readonly Float32Array[]): Float32Array {
  const joined = new Float32Array(arrays.reduce((length, values) => length + values.length, 0));
  arrays.reduce((offset, values) => {
    joined.set(values, offset);
    return offset + values.length;
  }, 0);
  return joined;
}
