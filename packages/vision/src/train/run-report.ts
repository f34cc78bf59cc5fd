/** @file Plots and report of a run. */
import type { Metrics, Taxonomy, Verdict } from '@busana/contracts';
import type { LabelledPhoto } from '../data/dataset.ts';
import type { Chart } from '../report/chart.ts';
import { reliabilityChart, riskCoverageChart } from '../report/charts/confidence.ts';
import { curvesChart } from '../report/charts/curves.ts';
import { intervalsChart } from '../report/charts/intervals.ts';
import { confusionChart } from '../report/charts/tables.ts';
import { writeReport } from '../report/report.ts';
import type { ReportBlock, ReportSection, SummaryNumber } from '../report/sections.ts';
import { writeChart } from '../report/write-chart.ts';
import { labelOf } from '../taxonomy/names.ts';
import type { Table } from './comparison-table.ts';
import type { ArmResult } from './execute.ts';
import type { EpochRow } from './results.ts';
import type { RunFolder } from './run-folder.ts';

interface ReportedArm extends ArmResult {
  readonly metrics: Metrics | undefined;
}

export interface RunReport {
  readonly folder: RunFolder;
  readonly title: string;
  readonly arms: readonly ReportedArm[];
  readonly photos: readonly LabelledPhoto[];
  readonly taxonomy: Taxonomy;
  /** How the figures were measured, as a sentence. */
  readonly evaluation: string;
  readonly verdict?: Verdict;
  /** A table of the arms, and one of what the epochs brought each, when there are several. */
  readonly tables?: { readonly arms: Table; readonly improvements: Table };
}

/** Writes `plots/` and `report.html`. */
export async function writeRunReport(report: RunReport): Promise<void> {
  const { folder, arms, title, evaluation, verdict, tables } = report;
  const best = arms.find(({ arm }) => arm.name === verdict?.best) ?? arms[0]!;
  const curves = curveCharts(arms, report.taxonomy);
  const matrices = best.metrics === undefined ? [] : confusionCharts(best.metrics, report.taxonomy);
  const confidence = best.metrics === undefined ? [] : confidenceCharts(best.metrics);
  const intervals = arms.length > 1 ? [armIntervals(arms)] : [];
  for (const [name, chart] of [...curves, ...intervals, ...matrices, ...confidence]) {
    await writeChart(folder.file('plots'), name, chart);
  }
  const blocks = (charts: readonly NamedChart[]): ReportBlock[] =>
    charts.map(([, chart]) => ({ kind: 'chart', chart }));
  const sections: ReportSection[] = [
    ...(best.metrics === undefined ? [] : [{ title: 'Figures', blocks: [numbers(best.metrics)] }]),
    ...(tables === undefined
      ? []
      : [{ title: 'Arms', blocks: [{ kind: 'table' as const, ...tables.arms }, ...blocks(intervals)] }]),
    { title: 'Training', blocks: blocks(curves) },
    ...(tables === undefined
      ? []
      : [{ title: 'First to last epoch', blocks: [{ kind: 'table' as const, ...tables.improvements }] }]),
    ...(matrices.length === 0 ? [] : [{ title: `Confusion (${best.arm.name})`, blocks: blocks(matrices) }]),
    ...(best.metrics === undefined
      ? []
      : [{ title: `Classes (${best.arm.name})`, blocks: classTables(best.metrics, report.taxonomy) }]),
    ...(confidence.length === 0 ? [] : [{ title: 'Confidence', blocks: blocks(confidence) }]),
  ];
  const lead = verdict === undefined ? evaluation : `${verdict.sentence} ${evaluation}`;
  await writeReport(folder.file('report.html'), { title, lead, sections });
}

type NamedChart = readonly [name: string, chart: Chart];

/** Loss, EMR and each accuracy over the epochs, the arms side by side. */
function curveCharts(arms: readonly ReportedArm[], { attributes }: Taxonomy): NamedChart[] {
  const measured = arms.some(({ rows }) => rows.some(({ emr }) => emr !== undefined));
  const chart = (title: string, metric: string, read: (row: EpochRow) => number | undefined): Chart =>
    curvesChart({
      title,
      metric,
      percent: !metric.includes('loss'),
      curves: arms.map(({ arm, rows }) => ({ name: arm.name, epochs: byEpoch(rows, read) })),
    });
  return [
    ['train-loss', chart('Training loss', 'loss', (row) => row.train_loss)],
    ...(measured
      ? ([
          ['validation-loss', chart('Validation loss', 'loss', (row) => row.val_loss)],
          ['emr', chart('Exact Match Ratio', 'EMR', (row) => row.emr)],
          ...attributes.map(
            ({ name }) =>
              [`${name}-accuracy`, chart(`Accuracy of ${name}`, 'accuracy', (row) => row.accuracy[name])] as const,
          ),
        ] as NamedChart[])
      : []),
  ];
}

function byEpoch(rows: readonly EpochRow[], read: (row: EpochRow) => number | undefined): number[][] {
  const epochs = Math.max(0, ...rows.map(({ epoch }) => epoch));
  return Array.from({ length: epochs }, (_, index) =>
    rows
      .filter(({ epoch }) => epoch === index + 1)
      .map(read)
      .filter((value) => value !== undefined),
  );
}

function armIntervals(arms: readonly ReportedArm[]): NamedChart {
  const rows = arms.flatMap(({ arm, metrics }) => (metrics === undefined ? [] : [{ name: arm.name, ...metrics.emr }]));
  return ['emr-intervals', intervalsChart({ title: 'Exact Match Ratio', measure: 'EMR (95 % interval)', bars: rows })];
}

function confusionCharts({ attributes }: Metrics, taxonomy: Taxonomy): NamedChart[] {
  return taxonomy.attributes.map(({ name, values }) => [
    `confusion-${name}`,
    confusionChart({
      title: `Confusion of ${name}`,
      labels: values.map((value) => labelOf(value)),
      counts: attributes[name]!.confusion,
    }),
  ]);
}

function confidenceCharts({ calibration, risk_coverage }: Metrics): NamedChart[] {
  return [
    ['reliability', reliabilityChart('Reliability of the joint confidence', calibration)],
    ['risk-coverage', riskCoverageChart('EMR of the most confident photos', risk_coverage)],
  ];
}

function numbers({ emr, attributes }: Metrics): ReportBlock {
  const interval = `95 % interval ${emr.low.toFixed(4)} to ${emr.high.toFixed(4)}, ${emr.n} photos`;
  const accuracies = Object.entries(attributes).map(([name, { accuracy, macro_f1 }]): SummaryNumber => ({
    label: `${name} accuracy`,
    value: accuracy.toFixed(4),
    note: `macro F1 ${macro_f1.toFixed(4)}`,
  }));
  const exact = emr.n === 0 ? [] : [{ label: 'EMR', value: emr.value.toFixed(4), note: interval }];
  return { kind: 'numbers', numbers: [...exact, ...accuracies] };
}

function classTables({ attributes }: Metrics, taxonomy: Taxonomy): ReportBlock[] {
  return taxonomy.attributes.map(({ name, values }) => ({
    kind: 'table',
    caption: name,
    header: [name, 'precision', 'recall', 'F1', 'photos'],
    rows: values.map((value) => {
      const { precision, recall, f1, support } = attributes[name]!.per_class[value.code]!;
      return [labelOf(value), precision.toFixed(4), recall.toFixed(4), f1.toFixed(4), String(support)];
    }),
  }));
}
