import type { Metrics, Taxonomy, Verdict } from '@busana/contracts';
import type { LabelledPhoto } from '../data/dataset.ts';
import { measurementSections } from '../report/measurement.ts';
import { writeReport } from '../report/report.ts';
import { writeCharts } from '../report/write-chart.ts';
import { differenceLines } from '../train/judge.ts';
import { heldOutCsv, type HeldOut } from '../train/held-out.ts';
import { RunFolder } from '../train/run-folder.ts';

/** What was said of photos by a model, or two, and what that is worth. */
export interface Evaluated {
  readonly taxonomy: Taxonomy;
  readonly photos: readonly LabelledPhoto[];
  /** Of the model, then of the other one. */
  readonly answers: readonly HeldOut[];
  readonly metrics: Metrics;
  readonly verdict?: Verdict;
}

/**
 * `metrics.json`, `predictions.csv`, `plots/`, `report.html`, and `verdict.json` of two models.
 * @returns the folder that was made
 * @throws BusanaError OUTPUT_UNWRITABLE
 */
export async function writeEvaluation(out: string, evaluated: Evaluated): Promise<string> {
  const { metrics, verdict, answers, photos, taxonomy } = evaluated;
  const folder = await RunFolder.create(out, 'evaluation');
  await folder.writeJson('metrics.json', metrics);
  if (verdict !== undefined) await folder.writeJson('verdict.json', verdict);
  await folder.write('predictions.csv', heldOutCsv(answers, photos, taxonomy));
  const { charts, figures, sections } = await measurementSections(metrics, { taxonomy, photos });
  await writeCharts(folder.file('plots'), charts);
  const comparison = verdict && {
    title: 'Against the other model',
    blocks: [verdict.sentence, ...differenceLines(verdict)].map((text) => ({ kind: 'text' as const, text })),
  };
  await writeReport(folder.file('report.html'), {
    title: `${answers[0]!.arm}, evaluated`,
    lead: `Measured on ${photos.length} labelled photos.`,
    sections: [figures, ...(comparison ? [comparison] : []), ...sections],
  });
  return folder.path;
}
