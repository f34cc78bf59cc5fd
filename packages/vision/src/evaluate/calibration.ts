import type { Metrics } from '@busana/contracts';
import type { JointOutcome } from './accuracy.ts';

const BINS = 10;
/** Rows of the risk-coverage table: one per cent of the photos each. */
const STEPS = 100;

type Scored = Pick<JointOutcome, 'confidence' | 'correct'>;

/**
 * Expected calibration error over 10 bins of equal count (Nguyen and O'Connor 2015, section 3; Naeini et al. 2015 for
 * the error): the mean distance, weighted by count, between what the joint confidence promises and how often every
 * attribute was right. Bins run from the least to the most confident; fewer than 10 photos make fewer bins, none make
 * an error of 0.
 */
export function calibration(outcomes: readonly Scored[]): Metrics['calibration'] {
  const sorted = outcomes.toSorted((a, b) => a.confidence - b.confidence);
  const bins = Array.from({ length: BINS }, (_, bin) =>
    sorted.slice(Math.floor((bin * sorted.length) / BINS), Math.floor(((bin + 1) * sorted.length) / BINS)),
  )
    .filter((photos) => photos.length > 0)
    .map((photos) => ({
      confidence: mean(photos.map(({ confidence }) => confidence)),
      accuracy: mean(photos.map(({ correct }) => Number(correct))),
      count: photos.length,
    }));
  const error = bins.reduce((sum, { confidence, accuracy, count }) => sum + count * Math.abs(confidence - accuracy), 0);
  return { expected_calibration_error: sorted.length === 0 ? 0 : error / sorted.length, bins };
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
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
