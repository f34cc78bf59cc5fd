/** @file The files that say what a run measured: results, metrics, predictions, timing. */
import type { Metrics, Taxonomy } from '@busana/contracts';
import type { LabelledPhoto } from '../data/dataset.ts';
import { computeMetrics } from '../evaluate/metrics.ts';
import type { RunClock, RunTiming } from './clock.ts';
import type { ArmResult } from './execute.ts';
import { heldOutCsv, type HeldOut } from './held-out.ts';
import { resultsCsv } from './results.ts';
import type { RunFolder } from './run-folder.ts';

/** Metrics of an arm's held-back photos; undefined when nothing was held back. */
export function armMetrics(
  { heldOut }: { heldOut: HeldOut | undefined },
  photos: readonly Pick<LabelledPhoto, 'targets'>[],
  taxonomy: Taxonomy,
): Metrics | undefined {
  if (heldOut === undefined) return undefined;
  const targets = heldOut.photos.map((photo) => photos[photo]!.targets);
  return computeMetrics({ taxonomy, targets, probabilities: heldOut.probabilities });
}

/** `results.csv` and `predictions.csv`. */
export async function writeTables(
  folder: RunFolder,
  arms: readonly ArmResult[],
  photos: readonly LabelledPhoto[],
  taxonomy: Taxonomy,
): Promise<void> {
  const rows = arms.flatMap((arm) => arm.rows);
  await folder.write(
    'results.csv',
    resultsCsv(
      rows,
      taxonomy.attributes.map(({ name }) => name),
    ),
  );
  const heldOut = arms.flatMap((arm) => (arm.heldOut === undefined ? [] : [arm.heldOut]));
  if (heldOut.length > 0) await folder.write('predictions.csv', heldOutCsv(heldOut, photos, taxonomy));
}

/** `timing.json`: the last file of a run, for it counts the others. */
export async function writeTiming(folder: RunFolder, clock: RunClock): Promise<RunTiming> {
  const timing = clock.timing();
  await folder.writeJson('timing.json', timing);
  return timing;
}
