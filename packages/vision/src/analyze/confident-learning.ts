/**
 * @file Confident learning (Northcutt, Jiang and Chuang 2021, "Confident Learning: Estimating Uncertainty in Dataset
 * Labels", arXiv:1911.00068): which labels a model that has not seen them contradicts with confidence.
 */

export interface ConfidentLearning {
  /** Mean self-confidence per class (section 3.1, eq. 2); 1 for a class without photos. */
  readonly thresholds: readonly number[];
  /** Photos per given label (rows) and confidently predicted label (columns), eq. 1. */
  readonly counts: readonly (readonly number[])[];
  /** The same with rows scaled to the number of photos of the label (eq. 3, before the division by all photos). */
  readonly joint: readonly (readonly number[])[];
  /** Positions off the diagonal, the least normalised margin first. */
  readonly suspected: readonly Suspected[];
}

export interface Suspected {
  readonly position: number;
  /** The confidently predicted class. */
  readonly suggested: number;
  /** Probability of the given label, 0..1. */
  readonly selfConfidence: number;
  /** (self-confidence - largest other probability + 1) / 2: 0..1, below 1/2 where another label is likelier. */
  readonly normalisedMargin: number;
}

/**
 * @param labels class of each photo
 * @param probabilities out-of-sample, `[labels.length * classes]` row-major
 */
export function confidentLearning(
  labels: readonly number[],
  probabilities: ArrayLike<number>,
  classes: number,
): ConfidentLearning {
  const all = Array.from({ length: classes }, (_, value) => value);
  const probability = (position: number, value: number): number => probabilities[position * classes + value]!;
  const thresholds = all.map((value) => {
    const own = labels.flatMap((label, position) => (label === value ? [probability(position, value)] : []));
    return own.length === 0 ? 1 : sum(own) / own.length;
  });
  const counts = all.map(() => all.map(() => 0));
  const suspected: Suspected[] = [];
  labels.forEach((label, position) => {
    const confident = all.filter((value) => probability(position, value) >= thresholds[value]! - ROUNDING);
    if (confident.length === 0) return;
    const suggested = likeliest(confident, (value) => probability(position, value));
    counts[label]![suggested]! += 1;
    const selfConfidence = probability(position, label);
    if (suggested === label || probability(position, suggested) <= selfConfidence) return;
    const other = Math.max(...all.filter((value) => value !== label).map((value) => probability(position, value)));
    suspected.push({ position, suggested, selfConfidence, normalisedMargin: (selfConfidence - other + 1) / 2 });
  });
  return {
    thresholds,
    counts,
    joint: counts.map((row, label) => scaled(row, label, labels.filter((other) => other === label).length)),
    suspected: suspected.sort((a, b) => a.normalisedMargin - b.normalisedMargin || a.position - b.position),
  };
}

/** A mean of equal numbers may be a digit above each of them. */
const ROUNDING = 1e-6;

/** A row that adds up to `photos`; one photo of a class at least counts as right, as cleanlab has it. */
function scaled(row: readonly number[], label: number, photos: number): number[] {
  const clipped = row.map((count, value) => (value === label ? Math.max(1, count) : count));
  const total = sum(clipped);
  return clipped.map((count) => (count * photos) / total);
}

function likeliest(values: readonly number[], score: (value: number) => number): number {
  return values.reduce((best, value) => (score(value) > score(best) ? value : best));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
