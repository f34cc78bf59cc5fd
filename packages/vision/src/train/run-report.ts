/** @file Plots and report of a run. */
import type { Metrics, Taxonomy, Verdict } from '@busana/contracts';
import type { LabelledPhoto } from '../data/dataset.ts';
import type { Chart } from '../report/chart.ts';
import { curvesChart } from '../report/charts/curves.ts';
import { intervalsChart } from '../report/charts/intervals.ts';
import { measurementSections, type NamedChart } from '../report/measurement.ts';
import { writeReport } from '../report/report.ts';
import type { ReportBlock, ReportSection } from '../report/sections.ts';
import { writeCharts } from '../report/write-chart.ts';
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
  const { folder, arms, title, evaluation, verdict, tables, taxonomy, photos } = report;
  const best = arms.find(({ arm }) => arm.name === verdict?.best) ?? arms[0]!;
  const curves = curveCharts(arms, taxonomy);
  const intervals = arms.length > 1 ? [armIntervals(arms)] : [];
  const whose = arms.length > 1 ? ` (${best.arm.name})` : '';
  const measured = best.metrics && (await measurementSections(best.metrics, { taxonomy, photos, whose }));
  await writeCharts(folder.file('plots'), [...curves, ...intervals, ...(measured?.charts ?? [])]);
  const blocks = (charts: readonly NamedChart[]): ReportBlock[] =>
    charts.map(([, chart]) => ({ kind: 'chart', chart }));
  const sections: ReportSection[] = [
    ...(measured === undefined ? [] : [measured.figures]),
    ...(tables === undefined
      ? []
      : [{ title: 'Arms', blocks: [{ kind: 'table' as const, ...tables.arms }, ...blocks(intervals)] }]),
    { title: 'Training', blocks: blocks(curves) },
    ...(tables === undefined
      ? []
      : [{ title: 'First to last epoch', blocks: [{ kind: 'table' as const, ...tables.improvements }] }]),
    ...(measured?.sections ?? []),
  ];
  const lead = verdict === undefined ? evaluation : `${verdict.sentence} ${evaluation}`;
  await writeReport(folder.file('report.html'), { title, lead, sections });
}

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
