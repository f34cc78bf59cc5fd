/** @file A measurement for people, as lines and tables. */
import type { Metrics } from '@busana/contracts';

/** The headline of a measurement, for people. Data of several sources may have no photo that is labelled in everything. */
export function describeExactMatch({ emr: { value, low, high, n } }: Pick<Metrics, 'emr'>): string {
  if (n === 0) return 'no exact match ratio: no photo that was held back is labelled in every attribute';
  return `EMR ${value.toFixed(4)} (95 % interval ${low.toFixed(4)} to ${high.toFixed(4)}, ${n} photos)`;
}

/** A line where leaving out copies of photos leaves out any. */
export function describeWithoutTwins({ emr, emr_without_twins: unique }: Metrics): string[] {
  if (unique === undefined || unique.n === 0 || unique.n === emr.n) return [];
  return [`Without copies and twins of other photos: ${describeExactMatch({ emr: { ...emr, ...unique } })}`];
}

/** What the joint confidence is worth. */
export function describeCalibration({ calibration }: Metrics): string {
  const { expected_calibration_error: error, bootstrap, brier_score, scaling } = calibration;
  const scaled =
    scaling === undefined
      ? ''
      : `; ${scaling.before.expected_calibration_error.toFixed(4)} and ${scaling.before.brier_score.toFixed(4)} before temperature scaling, which was fitted on ${scaling.fitted_on}`;
  // Chance alone parts promise and truth, in a resample once more than in the photos it is drawn from.
  const high = error < bootstrap.low ? ', which lies high, as resamples add to this error' : '';
  return (
    `Joint confidence: expected calibration error ${error.toFixed(4)} (bootstrap interval ${bootstrap.low.toFixed(4)} to ` +
    `${bootstrap.high.toFixed(4)}${high}), Brier score ${brier_score.toFixed(4)}${scaled}`
  );
}

/** Everything that takes one line. */
export function describeMetrics(metrics: Metrics): string[] {
  const { emr, attributes, hamming_loss, jaccard, advice } = metrics;
  const perAttribute = Object.entries(attributes).map(
    ([name, { accuracy, macro_precision, macro_recall, macro_f1 }]) =>
      `${name}: accuracy ${accuracy.toFixed(4)}, macro precision ${macro_precision.toFixed(4)}, recall ${macro_recall.toFixed(4)}, F1 ${macro_f1.toFixed(4)}`,
  );
  if (emr.n === 0) return [describeExactMatch(metrics), ...perAttribute];
  const { low, high } = emr.bootstrap;
  return [
    describeExactMatch(metrics),
    `Bootstrap interval ${low.toFixed(4)} to ${high.toFixed(4)}, Hamming loss ${hamming_loss.toFixed(4)}, Jaccard index ${jaccard.toFixed(4)}`,
    ...describeWithoutTwins(metrics),
    ...perAttribute,
    describeCalibration(metrics),
    `Advice: ${advice}`,
  ];
}
