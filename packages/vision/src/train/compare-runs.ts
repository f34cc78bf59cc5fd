/** @file `busana compare RUN…`: finished runs on the photos they held back, without training anything again. */
import { BusanaError, type Metrics, type Taxonomy } from '@busana/contracts';
import { averageHeldOut } from './average.ts';
import type { CompareResult } from './compare.ts';
import { measuredCells, measuredHeader } from './comparison-table.ts';
import { heldOutCsv, type HeldOut } from './held-out.ts';
import { differenceLines, judgeHeldOut } from './judge.ts';
import { readGroups } from './read-groups.ts';
import { readHeldOut, type JudgedPhoto, type ReadHeldOut } from './read-held-out.ts';
import { RunFolder } from './run-folder.ts';
import { heldOutMetrics } from './write-results.ts';

export interface CompareRunsRequest {
  /** Run folders, at least two arms in all. */
  readonly runs: readonly string[];
  /** Folder in which the comparison's folder is made. */
  readonly project: string;
  readonly name?: string;
}

export interface CompareRunsResult extends CompareResult {
  /** Of the probabilities of all arms averaged. */
  readonly average: Metrics;
}

/**
 * Paired tests of the runs on the same photos, and what they measure averaged. Writes `verdict.json`,
 * `average-metrics.json` and `predictions.csv` (all arms, and `average`).
 * @throws BusanaError DATA_INVALID when the runs held back other photos, labels or attributes; DATA_NOT_FOUND,
 * RESUME_IMPOSSIBLE, OUTPUT_UNWRITABLE
 */
export async function compareRuns({ runs, project, name }: CompareRunsRequest): Promise<CompareRunsResult> {
  const folders = await Promise.all(runs.map((path) => RunFolder.open(path)));
  const read = await Promise.all(folders.map(async (folder) => ({ folder, ...(await readHeldOut(folder)) })));
  const { taxonomy, photos, arms } = onOnePhotoList(read);
  const average = averageHeldOut(arms);
  if (average === undefined) throw new BusanaError('USAGE', 'a comparison of finished runs needs at least two of them');
  const groupOf = await readGroups(
    folders[0]!,
    photos.map((photo) => photo.name),
  );
  const measure = (heldOut: HeldOut): Metrics => heldOutMetrics(heldOut, photos, taxonomy, groupOf)!;
  const contenders = arms.map((heldOut) => ({ heldOut, metrics: measure(heldOut) }));
  const averaged = measure(average);
  const verdict = judgeHeldOut(arms, photos, taxonomy, groupOf);
  const folder = await RunFolder.create(project, name ?? 'compare');
  await folder.writeJson('verdict.json', verdict);
  await folder.writeJson('average-metrics.json', averaged);
  await folder.write('predictions.csv', heldOutCsv([...arms, average], photos, taxonomy));
  return {
    folder: folder.path,
    arms: contenders.map(({ heldOut, metrics }) => ({ arm: heldOut.arm, emr: metrics.emr })),
    average: averaged,
    verdict,
    table: {
      header: measuredHeader(averaged),
      rows: [
        ...contenders.map(({ heldOut, metrics }) => [heldOut.arm, ...measuredCells(metrics)]),
        ['average', ...measuredCells(averaged)],
      ],
    },
    summary: [...differenceLines(verdict), ...foldsNote(arms), `comparison: ${folder.path}`],
  };
}

type ReadRun = ReadHeldOut & { readonly folder: RunFolder };

/** Arms of all runs with their rows in the order of the first one's photos. */
function onOnePhotoList(runs: readonly ReadRun[]): {
  taxonomy: Taxonomy;
  photos: readonly JudgedPhoto[];
  arms: readonly HeldOut[];
} {
  const [first] = runs as [ReadRun, ...ReadRun[]];
  const { photos } = first.arms[0]!;
  const position = new Map(photos.map((photo, index) => [photo.name, index]));
  const arms = runs.flatMap((run) => {
    if (JSON.stringify(run.taxonomy) !== JSON.stringify(first.taxonomy)) throw different(run, first, 'attributes');
    return run.arms.map((arm) => {
      const same =
        arm.photos.length === photos.length &&
        arm.photos.every(({ name, targets }) => {
          const at = position.get(name);
          return at !== undefined && targets.join() === photos[at]!.targets.join();
        });
      if (!same) throw different(run, first, 'photos or labels');
      const label = labelOf(run, runs);
      const name = run.arms.length === 1 ? label : `${label}/${arm.heldOut.arm}`;
      return reordered(
        { ...arm.heldOut, arm: name },
        arm.photos.map((photo) => position.get(photo.name)!),
      );
    });
  });
  return { taxonomy: first.taxonomy, photos, arms };
}

/** The name of its folder; the whole path where another run's folder has that name too. */
function labelOf({ folder }: ReadRun, runs: readonly ReadRun[]): string {
  return runs.some((other) => other.folder !== folder && other.folder.name === folder.name) ? folder.path : folder.name;
}

function different(run: ReadRun, first: ReadRun, what: string): BusanaError {
  return new BusanaError('DATA_INVALID', `${run.folder.path} held back other ${what} than ${first.folder.path}`, {
    remedy: 'Compare runs on the same data, e.g. of cross-validations with --folds.',
  });
}

/** @param to position of each row in the common list */
function reordered(heldOut: HeldOut, to: readonly number[]): HeldOut {
  const folds = Array.from(heldOut.folds);
  to.forEach((position, row) => (folds[position] = heldOut.folds[row]!));
  const probabilities = heldOut.probabilities.map((values) => {
    const classes = values.length / to.length;
    const result = new Float32Array(values.length);
    to.forEach((position, row) => result.set(values.subarray(row * classes, (row + 1) * classes), position * classes));
    return result;
  });
  return { arm: heldOut.arm, photos: to.map((_, index) => index), folds, probabilities };
}

/** The test pairs photos, not folds, so other folds are no fault; whoever reads the figures should know. */
function foldsNote([first, ...others]: readonly HeldOut[]): string[] {
  const alike = others.every(({ folds }) => folds.join() === first!.folds.join());
  return alike ? [] : ['the runs have different folds; each photo is still judged by networks that have not seen it'];
}
