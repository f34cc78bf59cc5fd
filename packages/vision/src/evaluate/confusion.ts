import type { AttributeMetrics, ClassMetrics, Combination, Taxonomy } from '@busana/contracts';
import { MISSING, type Targets } from '../data/dataset.ts';

/** Combinations beyond which a matrix is no longer looked at. */
const MOST_COMBINATIONS = 40;

/** Counts `[truth][prediction]`; photos whose truth is {@link MISSING} are left out. */
export function confusionMatrix(truth: readonly number[], predicted: readonly number[], classes: number): number[][] {
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  truth.forEach((value, photo) => {
    if (value !== MISSING) counts[value]![predicted[photo]!]! += 1;
  });
  return counts;
}

/**
 * Confusion of all attributes together over the fully labelled photos, of the combinations that are true or predicted for
 * some photo, in the order of the values; undefined for a single attribute, for no photo, and for very many combinations.
 * @param predicted per attribute, a class per photo
 */
export function combinationConfusion(
  { attributes }: Taxonomy,
  targets: readonly Targets[],
  predicted: readonly (readonly number[])[],
): Combination | undefined {
  if (attributes.length < 2) return undefined;
  const cells = targets.flatMap((truth, photo) =>
    truth.includes(MISSING) ? [] : [{ truth, guess: predicted.map((values) => values[photo]!) }],
  );
  const occurring = new Map(
    cells.flatMap(({ truth, guess }) => [truth, guess]).map((values) => [values.join(), values]),
  );
  if (occurring.size === 0 || occurring.size > MOST_COMBINATIONS) return undefined;
  const order = [...occurring.values()].sort((a, b) => a.reduce((sign, value, index) => sign || value - b[index]!, 0));
  const position = new Map(order.map((values, index) => [values.join(), index]));
  const confusion = order.map(() => order.map(() => 0));
  for (const { truth, guess } of cells) confusion[position.get(truth.join())!]![position.get(guess.join())!]! += 1;
  const labels = order.map((values) => values.map((value, index) => attributes[index]!.values[value]!.code));
  return { confusion, labels };
}

/**
 * Accuracy, macro averages and per-class measures from a confusion matrix, as scikit-learn's
 * `precision_recall_fscore_support` defines them with `zero_division=0`: a class never predicted has precision 0, one
 * without photos recall 0. Macro averages are means over the classes that occur in the truth or among the predictions.
 * All are 0 when no cell is labelled.
 * @param labels code of each class, in the order of the matrix
 */
export function attributeMetrics(
  confusion: readonly (readonly number[])[],
  labels: readonly string[],
): Omit<AttributeMetrics, 'calibration'> {
  const perClass = labels.map((_, index) => classMetrics(confusion, index));
  const occurring = perClass.filter(({ support }, index) => support > 0 || columnSum(confusion, index) > 0);
  const right = labels.reduce((sum, _, index) => sum + confusion[index]![index]!, 0);
  const macro = (of: (one: ClassMetrics) => number): number => ratio(sum(occurring.map(of)), occurring.length);
  return {
    accuracy: ratio(right, sum(confusion.map(sum))),
    macro_precision: macro(({ precision }) => precision),
    macro_recall: macro(({ recall }) => recall),
    macro_f1: macro(({ f1 }) => f1),
    per_class: Object.fromEntries(labels.map((label, index) => [label, perClass[index]!])),
    confusion: confusion.map((row) => [...row]),
    labels: [...labels],
  };
}

function classMetrics(confusion: readonly (readonly number[])[], index: number): ClassMetrics {
  const hits = confusion[index]![index]!;
  const support = sum(confusion[index]!);
  const predicted = columnSum(confusion, index);
  return {
    precision: ratio(hits, predicted),
    recall: ratio(hits, support),
    f1: ratio(2 * hits, predicted + support),
    support,
  };
}

function columnSum(matrix: readonly (readonly number[])[], column: number): number {
  return sum(matrix.map((row) => row[column]!));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
