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
import { planApproach } from '../../packages/vision/src/train/approach.ts';
import { loadJob } from '../../packages/vision/src/train/job-store.ts';
import { readGroups } from '../../packages/vision/src/train/read-groups.ts';
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
if (folds.length < 2) throw new Error('the run has fewer than two finished folds');
const heldOut = scaledHeldOut(name, plan, folds, { targets: photos.map(({ targets }) => targets), groupOf });
const metrics = heldOutMetrics(heldOut, photos, taxonomy, groupOf)!;
console.log(`${folds.length} of ${config.folds} folds are finished: ${describeExactMatch(metrics)}`);
console.log(`temperatures: ${JSON.stringify(heldOut.scaling!.temperatures)}\n`);

const targets = heldOut.photos.map((photo) => photos[photo]!.targets);
const inFile = heldOutAt(name, plan, folds, Object.values(heldOut.scaling!.temperatures));
const product = jointOutcomes(targets, heldOut.probabilities);
type Outcome = (typeof product)[number];
const foldAt = product.map(({ photo }) => heldOut.folds[photo]!);
const groups = product.map(({ photo }) => groupOf[heldOut.photos[photo]!]!);

console.log(tableRow(['joint confidence', 'calibration error', 'bootstrap', 'Brier', 'accepted at EMR 0.99', 'by thresholds of the other folds'])); // prettier-ignore
console.log(tableRow(new Array<string>(6).fill('---')));
report('product, not scaled', jointOutcomes(targets, heldOut.scaling!.uncalibrated));
report('product, a temperature per attribute', product);
report('the same, fitted on all folds as in the file', jointOutcomes(targets, inFile.probabilities));
report('temperature on other folds, then logistic', logistic());
report('least confident attribute, scaled', least());

/** Something fitted on the photos of the other folds, by fold. */
function onOthers<T>(outcomes: readonly Outcome[], fit: (others: readonly Outcome[]) => T): Map<number, T> {
  return new Map(folds.map(({ fold }) => [fold, fit(outcomes.filter((_, index) => foldAt[index] !== fold))]));
}

function logistic(): Outcome[] {
  const fits = onOthers(
    product,
    (others) =>
    fitLogistic(others.map(({ confidence }) => logOdds(confidence)), others.map(({ correct }) => correct)), // prettier-ignore
  );
  return product.map((outcome, index) => ({
    ...outcome,
    confidence: fits.get(foldAt[index]!)!(logOdds(outcome.confidence)),
  }));
}

function least(): Outcome[] {
  return product.map((outcome) => {
    const tops = heldOut.probabilities.map((values) => {
      const classes = values.length / targets.length;
      return Math.max(...values.subarray(outcome.photo * classes, (outcome.photo + 1) * classes));
    });
    return { ...outcome, confidence: Math.min(...tops) };
  });
}

function report(what: string, outcomes: readonly Outcome[]): void {
  const { expected_calibration_error: error, brier_score } = calibration(outcomes);
  const { low, high } = calibrationInterval(outcomes, resample(outcomes.length, groups));
  const row = widestRow(riskCoverage(outcomes), TARGET_EMR);
  const offer = row === undefined ? 'none' : `${percent(row.coverage)} above ${row.threshold.toFixed(3)}, EMR ${row.emr.toFixed(4)}`; // prettier-ignore
  const cells = [what, error.toFixed(4), `${low.toFixed(4)}-${high.toFixed(4)}`, brier_score.toFixed(4), offer, elsewhere(outcomes)]; // prettier-ignore
  console.log(tableRow(cells));
}

/** What thresholds chosen on the other folds accept of each fold, and how much of it is right. */
function elsewhere(outcomes: readonly Outcome[]): string {
  const rows = onOthers(outcomes, (others) => widestRow(riskCoverage(others), TARGET_EMR));
  const accepted = outcomes.filter(({ confidence }, index) => confidence >= (rows.get(foldAt[index]!)?.threshold ?? 2));
  const right = accepted.filter(({ correct }) => correct).length;
  return `${percent(accepted.length / outcomes.length)}, EMR ${(right / accepted.length).toFixed(4)}`;
}

function tableRow(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
