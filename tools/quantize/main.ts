/**
 * @file What 8-bit integers cost on photos that a network has not seen: for every fold of a run its own network is
 * quantized, calibrated on the photos of the other folds, and judges the fold's photos in both forms.
 *
 *     npx tsx tools/quantize/main.ts RUN [entropy | PERCENT]
 */
import { Random, type Calibration } from '@busana/engine';
import { buildArtifact } from '../../packages/vision/src/artifact/build.ts';
import { loadModel, openModel } from '../../packages/vision/src/artifact/model.ts';
import { PhotoStore } from '../../packages/vision/src/batches/photo-store.ts';
import { agreement, probabilitiesOf, type Agreement } from '../../packages/vision/src/export/agreement.ts';
import { readTable } from '../../packages/vision/src/data/csv.ts';
import { exportPhotos } from '../../packages/vision/src/export/photos.ts';
import { DEFAULT_CALIBRATION, quantizeArtifact } from '../../packages/vision/src/export/quantize-artifact.ts';
import { planApproach } from '../../packages/vision/src/train/approach.ts';
import { loadJob } from '../../packages/vision/src/train/job-store.ts';
import { openRun } from '../../packages/vision/src/train/open-run.ts';

const CALIBRATION_PHOTOS = 200;

const [path, how] = process.argv.slice(2);
if (path === undefined) throw new Error('name a run folder');
const method = calibrationOf(how);

const { folder, arms } = await openRun('train', { resume: path, data: { source: '' }, project: '', dryRun: true }, []);
const { name, config } = arms[0]!;
const delivered = await loadModel(path);
await delivered.release();
const taxonomy = delivered.metadata['busana.schema'];
const given = await exportPhotos(path, taxonomy, undefined);
if (given?.targets === undefined) throw new Error('the photos of the run are not there');
const { photos, targets } = given;
const splits = readTable((await folder.read('splits.csv'))!, folder.file('splits.csv'));
const [image, foldColumn] = [splits.header.indexOf('image'), splits.header.indexOf('fold')];
const foldOf = new Map(splits.rows.map(({ cells }) => [cells[image]!, Number(cells[foldColumn])]));
const plan = planApproach(config.approach, taxonomy);
const store = await PhotoStore.create(photos, { size: delivered.metadata['busana.preprocess'].size });

const positionsWhere = (test: (fold: number) => boolean): number[] =>
  photos.flatMap((photo, index) => {
    const fold = foldOf.get(photo.name);
    return fold !== undefined && test(fold) ? [index] : [];
  });

// Without cross-validation, fold 0 are the photos trained on and fold 1 those held back.
const folds = [...new Set(foldOf.values())].filter((fold) => fold > 0).sort((a, b) => a - b);
const results: Agreement[] = [];
for (const fold of folds) {
  const checkpoint = config.folds > 0 ? `checkpoints/${name.replaceAll('/', '-')}-${fold}` : 'checkpoints';
  const job = await loadJob(folder, `${checkpoint}/job.safetensors`);
  if (job === undefined) throw new Error(`${checkpoint} holds no finished network`);
  const source = await buildArtifact({
    plan,
    config,
    taxonomy,
    parameters: job.parameters,
    temperatures: [],
    thresholds: { accept: 0.9 },
    provenance: { ...delivered.metadata['busana.provenance'], name: `${folder.name}-${fold}` },
  });
  const before = await openModel(source, `fold ${fold}`);
  const held = positionsWhere((other) => other === fold);
  const others = Random.of('out of fold', fold).shuffle(positionsWhere((other) => other !== fold));
  const calibration = others.slice(0, CALIBRATION_PHOTOS);
  const quantized = await quantizeArtifact({ source, metadata: before.metadata, pictures: store, calibration, method });
  const after = await openModel(quantized.bytes, `fold ${fold} in int8`);
  const answers = [];
  for (const model of [before, after]) {
    answers.push(await probabilitiesOf((images, count) => model.answer([images], count), taxonomy, store, held));
    await model.release();
  }
  const truth = held.map((photo) => targets[photo]!);
  const found = agreement(answers[0]!, answers[1]!, held.length, truth);
  results.push(found);
  const ratio = (quantized.bytes.length / source.length).toFixed(3);
  const float = quantized.floatLayers.length === 0 ? 'heads alone' : quantized.floatLayers.join(', ');
  console.log(`fold ${fold}: ${describe([found])}; ${ratio} of the size, in float32: ${float}`);
}
await store.release();
console.log(`all: ${describe(results)}`);

function calibrationOf(how: string | undefined): Calibration {
  if (how === undefined) return DEFAULT_CALIBRATION;
  return how === 'entropy' ? { method: how } : { method: 'percentile', percent: Number(how) };
}

function describe(found: readonly Agreement[]): string {
  const sum = (of: (one: Agreement) => number): number => found.reduce((total, one) => total + of(one), 0);
  const count = sum(({ emr }) => emr!.after.n);
  const rate = (form: 'before' | 'after'): string =>
    (sum(({ emr }) => Math.round(emr![form].value * emr![form].n)) / count).toFixed(4);
  const largest = Math.max(...found.map((one) => one.largest_difference));
  return (
    `EMR ${rate('before')} -> ${rate('after')} on ${count} photos, only float32 right on ` +
    `${sum(({ emr }) => emr!.only_before)}, only int8 on ${sum(({ emr }) => emr!.only_after)}; ` +
    `labels stay on ${sum((one) => one.same_labels)}, probabilities differ by ${largest.toFixed(3)} at most`
  );
}
