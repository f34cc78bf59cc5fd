/** @file The files that say what a run measured: results, metrics, predictions, timing. */
import type { Metrics, Taxonomy } from '@busana/contracts';
import type { LabelledPhoto } from '../data/dataset.ts';
import { computeMetrics } from '../evaluate/metrics.ts';
import { withoutTwins } from '../evaluate/twins.ts';
import type { RunClock, RunTiming } from './clock.ts';
import type { ArmResult } from './execute.ts';
import { heldOutCsv, type HeldOut } from './held-out.ts';
import { resultsCsv } from './results.ts';
import type { RunFolder } from './run-folder.ts';

/**
 * Metrics of held-back photos; undefined when nothing was held back.
 * @param groupOf group of each photo of the data set, where groups are known
 */
export function heldOutMetrics(
  heldOut: HeldOut | undefined,
  photos: readonly Pick<LabelledPhoto, 'name' | 'targets'>[],
  taxonomy: Taxonomy,
  groupOf?: readonly number[],
): Metrics | undefined {
  if (heldOut === undefined) return undefined;
  const { probabilities, scaling } = heldOut;
  return computeMetrics({
    taxonomy,
    targets: heldOut.photos.map((photo) => photos[photo]!.targets),
    names: heldOut.photos.map((photo) => photos[photo]!.name),
    probabilities,
    ...(groupOf && {
      groups: heldOut.photos.map((photo) => groupOf[photo]!),
      unique: withoutTwins(heldOut, groupOf),
    }),
    ...(scaling && { scaling }),
  });
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
