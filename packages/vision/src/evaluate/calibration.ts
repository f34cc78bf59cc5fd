/** @file What confidences are worth: calibration error, Brier score, and what is gained by refusing doubtful photos. */
import type { BootstrapInterval, Calibration, Metrics } from '@busana/contracts';
import { MISSING } from '../data/dataset.ts';
import type { JointOutcome } from './accuracy.ts';
import { percentileInterval } from './bootstrap.ts';

const BINS = 10;
/** Rows of the risk-coverage table: one per cent of the photos each. */
const STEPS = 100;

type Scored = Pick<JointOutcome, 'confidence' | 'correct'>;

/**
 * Expected calibration error over 10 bins of equal count (Nguyen and O'Connor 2015, section 3; Naeini et al. 2015 for
 * the error): the mean distance, weighted by count, between what the confidence promises and how often it was right.
 * Bins run from the least to the most confident; fewer than 10 photos make fewer bins, none make an error of 0.
 * @param brier_score default: that of right or wrong against the confidence
 */
export function calibration(outcomes: readonly Scored[], brier_score = brierScore(outcomes)): Calibration {
  const sorted = outcomes.toSorted((a, b) => a.confidence - b.confidence);
  const bins = edges(sorted.length)
    .map(([from, to]) => sorted.slice(from, to))
    .map((photos) => ({
      confidence: mean(photos.map(({ confidence }) => confidence)),
      accuracy: mean(photos.map(({ correct }) => Number(correct))),
      count: photos.length,
    }));
  const error = bins.reduce((sum, { confidence, accuracy, count }) => sum + count * Math.abs(confidence - accuracy), 0);
  return { expected_calibration_error: error / Math.max(1, sorted.length), brier_score, bins };
}

/**
 * Bootstrap interval of the expected calibration error; from 0 to 1 without photos. The error of a resample is larger
 * than that of the photos on average, for chance alone parts confidence and accuracy: read it as an upper bound.
 * @param resamples positions of the photos in each resample
 */
export function calibrationInterval(outcomes: readonly Scored[], resamples: Iterable<Int32Array>): BootstrapInterval {
  if (outcomes.length === 0) return { low: 0, high: 1, resamples: 0 };
  const order = outcomes.map((_, index) => index).sort((a, b) => outcomes[a]!.confidence - outcomes[b]!.confidence);
  const gaps = order.map((index) => outcomes[index]!.confidence - Number(outcomes[index]!.correct));
  const rank = new Int32Array(order.length);
  order.forEach((index, position) => (rank[index] = position));
  return percentileInterval(resamples, (positions) => {
    const sorted = positions.map((position) => rank[position]!).sort();
    const error = edges(sorted.length).reduce((sum, [from, to]) => {
      let gap = 0;
      for (let index = from; index < to; index += 1) gap += gaps[sorted[index]!]!;
      return sum + Math.abs(gap);
    }, 0);
    return error / sorted.length;
  });
}

/** Where the bins of sorted photos begin and end; empty ones are left out. */
function edges(photos: number): (readonly [from: number, to: number])[] {
  return Array.from(
    { length: BINS },
    (_, bin) => [Math.floor((bin * photos) / BINS), Math.floor(((bin + 1) * photos) / BINS)] as const,
  ).filter(([from, to]) => from < to);
}

function brierScore(outcomes: readonly Scored[]): number {
  return mean(outcomes.map(({ confidence, correct }) => (confidence - Number(correct)) ** 2));
}

/**
 * Calibration of one attribute: the likeliest value's probability, and the Brier score over all values, 0..2 (Brier
 * 1950).
 * @param probabilities `[photos * classes]` row-major
 * @param truth per photo; {@link MISSING} ones are left out
 */
export function attributeCalibration(
  probabilities: Float32Array,
  truth: readonly number[],
  predicted: readonly number[],
): Calibration {
  const classes = probabilities.length / Math.max(1, truth.length);
  const labelled = truth.flatMap((value, photo) => (value === MISSING ? [] : [photo]));
  const row = (photo: number): Float32Array => probabilities.subarray(photo * classes, (photo + 1) * classes);
  const squares = labelled.map((photo) =>
    row(photo).reduce((sum, probability, value) => sum + (probability - Number(value === truth[photo])) ** 2, 0),
  );
  const outcomes = labelled.map((photo) => ({
    confidence: row(photo)[predicted[photo]!]!,
    correct: predicted[photo] === truth[photo],
  }));
  return calibration(outcomes, mean(squares));
}

/**
 * What is gained by refusing doubtful photos (El-Yaniv and Wiener 2010): for the most confident 1 %, 2 % … of the
 * photos, the lowest joint confidence among them, the share of photos at or above it, and their EMR. Photos of equal
 * confidence are kept together, so that a threshold from this table selects exactly what its row says.
 */
export function riskCoverage(outcomes: readonly Scored[]): Metrics['risk_coverage'] {
  const sorted = outcomes.toSorted((a, b) => b.confidence - a.confidence);
  const ends = Array.from({ length: STEPS }, (_, step) => Math.ceil(((step + 1) * sorted.length) / STEPS))
    .filter((end) => end > 0)
    .map((end) => lastEqual(sorted, end - 1));
  return [...new Set(ends)].map((last) => ({
    threshold: sorted[last]!.confidence,
    coverage: (last + 1) / sorted.length,
    emr: mean(sorted.slice(0, last + 1).map(({ correct }) => Number(correct))),
  }));
}

function lastEqual(sorted: readonly Scored[], position: number): number {
  let last = position;
  while (sorted[last + 1]?.confidence === sorted[position]!.confidence) last += 1;
  return last;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
