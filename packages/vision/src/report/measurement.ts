/** @file What was measured, as charts and sections of a report: of a run, and of `busana evaluate`. */
import type { Metrics, Taxonomy } from '@busana/contracts';
import type { LabelledPhoto } from '../data/dataset.ts';
import { TARGET_EMR } from '../evaluate/acceptance.ts';
import { describeCalibration, describeWithoutTwins } from '../evaluate/describe.ts';
import { labelOf } from '../taxonomy/names.ts';
import type { Chart } from './chart.ts';
import { reliabilityChart, riskCoverageChart } from './charts/confidence.ts';
import { confusionChart } from './charts/tables.ts';
import { percent } from '../percent.ts';
import { mistakeGallery } from './mistakes.ts';
import type { ReportBlock, ReportSection, SummaryNumber } from './sections.ts';

/** A chart with the name of its files. */
export type NamedChart = readonly [name: string, chart: Chart];

export interface MeasurementReport {
  readonly charts: readonly NamedChart[];
  /** The headline figures. */
  readonly figures: ReportSection;
  /** Confusion, classes, confidence, mistakes. */
  readonly sections: readonly ReportSection[];
}

/**
 * @param photos those that were judged, for pictures of the mistakes
 * @param whose added to titles, e.g. the name of an arm
 */
export async function measurementSections(
  metrics: Metrics,
  { taxonomy, photos, whose = '' }: { taxonomy: Taxonomy; photos: readonly LabelledPhoto[]; whose?: string },
): Promise<MeasurementReport> {
  const matrices = confusionCharts(metrics, taxonomy);
  const confidence = confidenceCharts(metrics, taxonomy);
  const gallery = await mistakeGallery(metrics.mistakes, taxonomy, photos);
  return {
    charts: [...matrices, ...confidence],
    figures: { title: 'Figures', blocks: figures(metrics) },
    sections: [
      { title: `Confusion${whose}`, blocks: asBlocks(matrices) },
      { title: `Classes${whose}`, blocks: classTables(metrics, taxonomy) },
      { title: `Confidence${whose}`, blocks: [...confidenceBlocks(metrics), ...asBlocks(confidence)] },
      ...(gallery.length === 0 ? [] : [{ title: `Worst mistakes${whose}`, blocks: gallery }]),
    ],
  };
}

function asBlocks(charts: readonly NamedChart[]): ReportBlock[] {
  return charts.map(([, chart]) => ({ kind: 'chart', chart }));
}

function confusionCharts({ attributes, combination }: Metrics, taxonomy: Taxonomy): NamedChart[] {
  const perAttribute = taxonomy.attributes.map(({ name, values }): NamedChart => [
    `confusion-${name}`,
    confusionChart({
      title: `Confusion of ${name}`,
      labels: values.map((value) => labelOf(value)),
      counts: attributes[name]!.confusion,
    }),
  ]);
  if (combination === undefined) return perAttribute;
  const names = taxonomy.attributes.map(({ name }) => name);
  const title = `Confusion of ${names.join(' and ')} together`;
  const labels = combination.labels.map((codes) => codes.map((code, index) => named(taxonomy, index, code)).join(' '));
  return [...perAttribute, ['confusion-combination', confusionChart({ title, labels, counts: combination.confusion })]];
}

function named({ attributes }: Taxonomy, attribute: number, code: string): string {
  const value = attributes[attribute]!.values.find((other) => other.code === code);
  return value === undefined ? code : labelOf(value);
}

function confidenceCharts(
  { calibration, risk_coverage, acceptance, attributes }: Metrics,
  taxonomy: Taxonomy,
): NamedChart[] {
  const { scaling } = calibration;
  const joint =
    scaling === undefined
      ? [{ name: 'model', calibration }]
      : [
          { name: 'calibrated', calibration },
          { name: 'before temperature scaling', calibration: scaling.before },
        ];
  const chart = (title: string, right: string, curves: Parameters<typeof reliabilityChart>[0]['curves']): Chart =>
    reliabilityChart({ title, confidence: 'confidence', right, curves });
  const advised = acceptance.find(({ target_emr }) => target_emr === TARGET_EMR);
  return [
    ['reliability', chart('Reliability of the joint confidence', 'exact matches', joint)],
    ['risk-coverage', riskCoverageChart('EMR of the most confident photos', risk_coverage, advised)],
    ...taxonomy.attributes.map(({ name }): NamedChart => {
      const curves = [{ name: 'model', calibration: attributes[name]!.calibration }];
      return [`reliability-${name}`, chart(`Reliability of ${name}`, 'right', curves)];
    }),
  ];
}

function figures(metrics: Metrics): ReportBlock[] {
  const { emr, attributes, hamming_loss, jaccard, advice } = metrics;
  const accuracies = Object.entries(attributes).map(([name, { accuracy, macro_f1 }]): SummaryNumber => ({
    label: `${name} accuracy`,
    value: accuracy.toFixed(4),
    note: `macro F1 ${macro_f1.toFixed(4)}`,
  }));
  if (emr.n === 0) return [{ kind: 'numbers', numbers: accuracies }];
  const exact = {
    label: 'EMR',
    value: emr.value.toFixed(4),
    note: `95 % interval ${emr.low.toFixed(4)} to ${emr.high.toFixed(4)}, ${emr.n} photos; bootstrap ${emr.bootstrap.low.toFixed(4)} to ${emr.bootstrap.high.toFixed(4)}`,
  };
  const overlap = {
    label: 'Hamming loss',
    value: hamming_loss.toFixed(4),
    note: `Jaccard index ${jaccard.toFixed(4)}`,
  };
  const lines = [...describeWithoutTwins(metrics), `Advice: ${advice}.`];
  return [
    { kind: 'numbers', numbers: [exact, ...accuracies, overlap] },
    ...lines.map((text): ReportBlock => ({ kind: 'text', text })),
  ];
}

function classTables({ attributes }: Metrics, taxonomy: Taxonomy): ReportBlock[] {
  return taxonomy.attributes.map(({ name, values }) => {
    const { per_class, macro_precision, macro_recall, macro_f1 } = attributes[name]!;
    const rows = values.map((value) => {
      const { precision, recall, f1, support } = per_class[value.code]!;
      return [labelOf(value), precision.toFixed(4), recall.toFixed(4), f1.toFixed(4), String(support)];
    });
    const macro = ['mean of the classes', macro_precision.toFixed(4), macro_recall.toFixed(4), macro_f1.toFixed(4), ''];
    const header = [name, 'precision', 'recall', 'F1', 'photos'];
    return { kind: 'table', caption: name, header, rows: [...rows, macro] };
  });
}

function confidenceBlocks(metrics: Metrics): ReportBlock[] {
  const rows = metrics.acceptance.map(({ target_emr, threshold, coverage, emr, review }) => [
    percent(target_emr),
    threshold.toFixed(4),
    percent(coverage),
    percent(emr),
    String(review),
  ]);
  const attributes = Object.entries(metrics.attributes).map(([name, { calibration }]) => [
    name,
    calibration.expected_calibration_error.toFixed(4),
    calibration.brier_score.toFixed(4),
  ]);
  return [
    { kind: 'text', text: `${describeCalibration(metrics)}.` },
    // Where no threshold reaches any wanted EMR, the advice says so.
    ...(rows.length === 0
      ? []
      : [
          {
            kind: 'table' as const,
            caption: 'What to accept without review; each threshold was chosen on these photos',
            header: ['wanted EMR', 'accept above', 'accepted', 'their EMR', 'to review'],
            rows,
          },
        ]),
    {
      kind: 'table',
      caption: 'Confidence in each attribute',
      header: ['attribute', 'calibration error', 'Brier score'],
      rows: attributes,
    },
  ];
}
