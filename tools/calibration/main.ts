/**
 * @file Which joint confidence is to be trusted: of the folds of a run that are finished, each judged by what was fitted
 * on the others.
 *
 *     npx tsx tools/calibration/main.ts RUN
 */
import { readTable } from '../../packages/vision/src/data/csv.ts';
import { openDataset } from '../../packages/vision/src/data/open.ts';
import { TARGET_EMR, widestRow } from '../../packages/vision/src/evaluate/acceptance.ts';
import { jointOutcomes } from '../../packages/vision/src/evaluate/accuracy.ts';
import { resample } from '../../packages/vision/src/evaluate/bootstrap.ts';
import { calibration, calibrationInterval, riskCoverage } from '../../packages/vision/src/evaluate/calibration.ts';
import { describeExactMatch } from '../../packages/vision/src/evaluate/describe.ts';
import { percent } from '../../packages/vision/src/percent.ts';
import { planApproach } from '../../packages/vision/src/train/approach.ts';
import { loadJob } from '../../packages/vision/src/train/job-store.ts';
import { readGroups } from '../../packages/vision/src/train/read-groups.ts';
import type { HeldOut } from '../../packages/vision/src/train/held-out.ts';
import { openRun } from '../../packages/vision/src/train/open-run.ts';
import { heldOutAt, scaledHeldOut, type FoldLogits } from '../../packages/vision/src/train/scaling.ts';
import { heldOutMetrics } from '../../packages/vision/src/train/write-results.ts';
import { fitLogistic, logOdds } from './logistic.ts';

const [path] = process.argv.slice(2);
if (path === undefined) throw new Error('name a run folder');

const { folder, arms, data } = await openRun('train', { resume: path, data: { source: '' }, project: '', dryRun: true }, []); // prettier-ignore
const { name, config } = arms[0]!;
const { source, images, idColumn, attributes, schema } = data;
const { photos, taxonomy } = await openDataset({
  source,
  verifyImages: false,
  ...(images && { images }),
  ...(idColumn && { idColumn }),
  ...(attributes && { attributes }),
  ...(schema && { schema }),
});
const splits = readTable((await folder.read('splits.csv'))!, folder.file('splits.csv'));
const [image, foldColumn] = ['image', 'fold'].map((title) => splits.header.indexOf(title)) as [number, number];
const foldOf = new Map(splits.rows.map(({ cells }) => [cells[image]!, Number(cells[foldColumn])]));
const groupOf = (await readGroups(
  folder,
  photos.map((photo) => photo.name),
))!;
const plan = planApproach(config.approach, taxonomy);
const folds: FoldLogits[] = [];
for (let fold = 1; fold <= config.folds; fold += 1) {
  const job = await loadJob(folder, `checkpoints/${name.replaceAll('/', '-')}-${fold}/job.safetensors`);
  const held = photos.flatMap((photo, position) => (foldOf.get(photo.name) === fold ? [position] : []));
  if (job !== undefined) folds.push({ fold, photos: held, logits: job.logits });
}
if (folds.length < 3) throw new Error('the run has fewer than three finished folds');
const known = { targets: photos.map(({ targets }) => targets), groupOf };
const heldOut = scaledHeldOut(name, plan, folds, known);
const metrics = heldOutMetrics(heldOut, photos, taxonomy, groupOf)!;
console.log(`${folds.length} of ${config.folds} folds are finished: ${describeExactMatch(metrics)}`);
console.log(`temperatures: ${JSON.stringify(heldOut.scaling!.temperatures)}\n`);

type Outcome = ReturnType<typeof jointOutcomes>[number];
type Judge = (judged: HeldOut) => Outcome[];
const product: Judge = ({ photos: positions, probabilities }) =>
  jointOutcomes(positions.map((photo) => known.targets[photo]!), probabilities); // prettier-ignore
const least: Judge = (judged) =>
  product(judged).map((outcome) => {
    const tops = judged.probabilities.map((values) => {
      const classes = values.length / judged.photos.length;
      return Math.max(...values.subarray(outcome.photo * classes, (outcome.photo + 1) * classes));
    });
    return { ...outcome, confidence: Math.min(...tops) };
  });

/** Per fold, the photos of the other folds as a model made from those alone would answer them. */
const elsewhere = new Map(folds.map(({ fold }) => [fold, asInFile(othersThan(fold))]));
const outcomes = product(heldOut);
const foldAt = outcomes.map(({ photo }) => heldOut.folds[photo]!);
const groups = outcomes.map(({ photo }) => groupOf[heldOut.photos[photo]!]!);

console.log(tableRow(['joint confidence', 'calibration error', 'bootstrap', 'Brier', 'accepted at EMR 0.99', 'by thresholds of the other folds'])); // prettier-ignore
console.log(tableRow(new Array<string>(6).fill('---')));
const plain = ({ probabilities, ...rest }: HeldOut): HeldOut => ({ ...rest, probabilities: rest.scaling?.uncalibrated ?? probabilities }); // prettier-ignore
report('product, not scaled', product(plain(heldOut)), (fold) => product(heldOutAt(name, plan, othersThan(fold), [])));
report('product, a temperature per attribute', outcomes, (fold) => product(elsewhere.get(fold)!));
report('the same, fitted on all folds as in the file', product(asInFile(folds)));
const curves = new Map(folds.map(({ fold }) => [fold, logisticOf(product(elsewhere.get(fold)!))]));
report('temperature on other folds, then logistic', outcomes.map((outcome, index) => bent(outcome, foldAt[index]!)), (fold) => product(elsewhere.get(fold)!).map((outcome) => bent(outcome, fold))); // prettier-ignore
report('least confident attribute, scaled', least(heldOut), (fold) => least(elsewhere.get(fold)!));

function othersThan(fold: number): FoldLogits[] {
  return folds.filter((other) => other.fold !== fold);
}

function asInFile(parts: readonly FoldLogits[]): HeldOut {
  const { temperatures } = scaledHeldOut(name, plan, parts, known).scaling!;
  return heldOutAt(name, plan, parts, Object.values(temperatures));
}

function logisticOf(judged: readonly Outcome[]): (x: number) => number {
  const odds = judged.map(({ confidence }) => logOdds(confidence));
  return fitLogistic(odds, judged.map(({ correct }) => correct)); // prettier-ignore
}

function bent(outcome: Outcome, fold: number): Outcome {
  return { ...outcome, confidence: curves.get(fold)!(logOdds(outcome.confidence)) };
}

/** @param others of a fold, for a threshold to be tried on it */
function report(what: string, judged: readonly Outcome[], others?: (fold: number) => readonly Outcome[]): void {
  const { expected_calibration_error: error, brier_score } = calibration(judged);
  const { low, high } = calibrationInterval(judged, resample(judged.length, groups));
  const row = widestRow(riskCoverage(judged), TARGET_EMR);
  const offer = row === undefined ? 'none' : `${percent(row.coverage)} above ${row.threshold.toFixed(3)}, EMR ${row.emr.toFixed(4)}`; // prettier-ignore
  const cells = [what, error.toFixed(4), `${low.toFixed(4)}-${high.toFixed(4)}`, brier_score.toFixed(4), offer];
  console.log(tableRow([...cells, others === undefined ? '' : accepted(judged, others)]));
}

/** What thresholds chosen on the other folds accept of each fold, and how much of it is right. */
function accepted(judged: readonly Outcome[], others: (fold: number) => readonly Outcome[]): string {
  const rows = new Map(folds.map(({ fold }) => [fold, widestRow(riskCoverage(others(fold)), TARGET_EMR)]));
  const chosen = judged.filter(({ confidence }, index) => confidence >= (rows.get(foldAt[index]!)?.threshold ?? 2));
  const right = chosen.filter(({ correct }) => correct).length;
  return `${percent(chosen.length / judged.length)}, EMR ${(right / chosen.length).toFixed(4)}`;
}

function tableRow(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
