import type { Metrics, Taxonomy } from '@busana/contracts';
import type { Targets } from '../data/dataset.ts';
import { acceptances, advise } from './acceptance.ts';
import { jointOutcomes, likeliest, type JointOutcome, type Probabilities } from './accuracy.ts';
import { percentileInterval, resample } from './bootstrap.ts';
import { attributeCalibration, calibration, calibrationInterval, riskCoverage } from './calibration.ts';
import { attributeMetrics, combinationConfusion, confusionMatrix } from './confusion.ts';
import { wilson } from './intervals.ts';
import { worstMistakes } from './mistakes.ts';
import { labelOverlap } from './overlap.ts';

/** What was said of photos, and what is true of them. */
export interface Measurement {
  readonly taxonomy: Taxonomy;
  readonly targets: readonly Targets[];
  /** Per attribute of the taxonomy, `[N * classes]` row-major. */
  readonly probabilities: Probabilities;
  /** Of the photos, for the list of mistakes; default: their positions. */
  readonly names?: readonly string[];
  /** Group of each photo: copies of one another, or of one product. */
  readonly groups?: readonly number[];
  /** Photos that count in the EMR without twins. */
  readonly unique?: readonly boolean[];
  /** Temperature scaling behind the probabilities, and what they were without. */
  readonly scaling?: Omit<NonNullable<Metrics['calibration']['scaling']>, 'before'> & {
    readonly uncalibrated: Probabilities;
  };
}

/**
 * Everything `metrics.json` says. EMR, Hamming loss, Jaccard index, joint calibration and risk-coverage count only photos
 * whose every attribute is labelled, the figures of an attribute every photo that has its label. Without any: EMR 0 from
 * 0 to 1 with n 0, accuracies 0, empty tables.
 */
export function computeMetrics(measurement: Measurement): Metrics {
  const { taxonomy, targets, probabilities, groups, unique, scaling } = measurement;
  const outcomes = jointOutcomes(targets, probabilities);
  const predicted = probabilities.map((values) => likeliest(values, targets.length));
  const attributes = taxonomy.attributes.map(({ name, values }, index) => {
    const truth = targets.map((photo) => photo[index]!);
    const labels = values.map(({ code }) => code);
    const confusion = confusionMatrix(truth, predicted[index]!, labels.length);
    const calibrated = attributeCalibration(probabilities[index]!, truth, predicted[index]!);
    return [name, { ...attributeMetrics(confusion, labels), calibration: calibrated }] as const;
  });
  const combination = combinationConfusion(taxonomy, targets, predicted);
  const ownGroups = groups && outcomes.map(({ photo }) => groups[photo]!);
  const resamples = (): Iterable<Int32Array> => resample(outcomes.length, ownGroups);
  const rows = riskCoverage(outcomes);
  const offers = acceptances(rows, outcomes.length);
  const names = measurement.names ?? targets.map((_, photo) => String(photo));
  return {
    emr: { ...exactMatches(outcomes), bootstrap: exactMatchInterval(outcomes, resamples()) },
    ...(unique && { emr_without_twins: exactMatches(outcomes.filter(({ photo }) => unique[photo])) }),
    ...labelOverlap(targets, predicted),
    attributes: Object.fromEntries(attributes),
    ...(combination && { combination }),
    calibration: {
      ...calibration(outcomes),
      bootstrap: calibrationInterval(outcomes, resamples()),
      ...(scaling && {
        scaling: {
          fitted_on: scaling.fitted_on,
          temperatures: scaling.temperatures,
          before: calibration(jointOutcomes(targets, scaling.uncalibrated)),
        },
      }),
    },
    risk_coverage: rows,
    acceptance: offers,
    advice: advise(offers, outcomes.length),
    mistakes: worstMistakes(outcomes, { ...measurement, predicted, names }),
  };
}

function exactMatches(outcomes: readonly JointOutcome[]): ReturnType<typeof wilson> {
  return wilson(outcomes.filter(({ correct }) => correct).length, outcomes.length);
}

function exactMatchInterval(
  outcomes: readonly JointOutcome[],
  resamples: Iterable<Int32Array>,
): Metrics['emr']['bootstrap'] {
  if (outcomes.length === 0) return { low: 0, high: 1, resamples: 0 };
  return percentileInterval(resamples, (positions) => {
    let right = 0;
    for (const position of positions) right += Number(outcomes[position]!.correct);
    return right / positions.length;
  });
}
