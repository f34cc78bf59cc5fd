import type { Metrics, Taxonomy } from '@busana/contracts';
import type { Targets } from '../data/dataset.ts';
import { jointOutcomes, likeliest, type Probabilities } from './accuracy.ts';
import { calibration, riskCoverage } from './calibration.ts';
import { attributeMetrics, confusionMatrix } from './confusion.ts';
import { wilson } from './intervals.ts';

/**
 * Everything `metrics.json` says. EMR, calibration and risk-coverage count only photos whose every attribute is
 * labelled, the figures of an attribute every photo that has its label. Without any: EMR 0 from 0 to 1 with n 0,
 * accuracies 0, empty tables.
 * @param probabilities per attribute of the taxonomy, `[N * classes]` row-major
 */
export function computeMetrics({
  taxonomy,
  targets,
  probabilities,
}: {
  taxonomy: Taxonomy;
  targets: readonly Targets[];
  probabilities: Probabilities;
}): Metrics {
  const outcomes = jointOutcomes(targets, probabilities);
  const attributes = taxonomy.attributes.map(({ name, values }, index) => {
    const truth = targets.map((photo) => photo[index]!);
    const predicted = likeliest(probabilities[index]!, targets.length);
    const labels = values.map(({ code }) => code);
    return [name, attributeMetrics(confusionMatrix(truth, predicted, labels.length), labels)] as const;
  });
  return {
    emr: wilson(outcomes.filter(({ correct }) => correct).length, outcomes.length),
    attributes: Object.fromEntries(attributes),
    calibration: calibration(outcomes),
    risk_coverage: riskCoverage(outcomes),
  };
}
