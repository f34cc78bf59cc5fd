import type { AttributeMetrics, ClassMetrics } from '@busana/contracts';
import { MISSING } from '../data/dataset.ts';

/** Counts `[truth][prediction]`; photos whose truth is {@link MISSING} are left out. */
export function confusionMatrix(truth: readonly number[], predicted: readonly number[], classes: number): number[][] {
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  truth.forEach((value, photo) => {
    if (value !== MISSING) counts[value]![predicted[photo]!]! += 1;
  });
  return counts;
}

/**
 * Accuracy, macro F1 and per-class measures from a confusion matrix, as scikit-learn's
 * `precision_recall_fscore_support` defines them with `zero_division=0`: a class never predicted has precision 0, one
 * without photos recall 0. Macro F1 is the mean over the classes that occur in the truth or among the predictions.
 * All are 0 when no cell is labelled.
 * @param labels code of each class, in the order of the matrix
 */
export function attributeMetrics(
  confusion: readonly (readonly number[])[],
  labels: readonly string[],
): AttributeMetrics {
  const perClass = labels.map((_, index) => classMetrics(confusion, index));
  const occurring = perClass.filter(({ support }, index) => support > 0 || columnSum(confusion, index) > 0);
  const right = labels.reduce((sum, _, index) => sum + confusion[index]![index]!, 0);
  return {
    accuracy: ratio(right, sum(confusion.map(sum))),
    macro_f1: ratio(sum(occurring.map(({ f1 }) => f1)), occurring.length),
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
