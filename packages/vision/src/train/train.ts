/** @file `busana train`: one arm, validated as asked for, delivered as a model file. */
import type { Metrics, TrainingConfig } from '@busana/contracts';
import type { DataRequest } from '../data/request.ts';
import { describeMetrics } from '../evaluate/describe.ts';
import { describeTiming, RunClock, type RunTiming } from './clock.ts';
import type { Listener } from './events.ts';
import { deliver } from './deliver.ts';
import { executeArms, type ArmResult, type Split } from './execute.ts';
import { openRun, type RunRequest } from './open-run.ts';
import { prepareRun, releaseStores, type PreparedRun } from './prepare.ts';
import { planSplits } from './splits.ts';
import { heldOutMetrics, writeTables, writeTiming } from './write-results.ts';
import { writeRunReport } from './run-report.ts';

export interface TrainRequest extends RunRequest {
  readonly config: TrainingConfig;
  /** Labelled photos to validate on instead of a part of `data`. */
  readonly validationData?: DataRequest;
  readonly emit: Listener;
  readonly signal?: AbortSignal;
}

export interface TrainResult {
  readonly folder: string;
  readonly metrics: Metrics | undefined;
  /** Undefined of a dry run. */
  readonly timing?: RunTiming;
  /** Lines for people. */
  readonly summary: readonly string[];
}

/**
 * Trains, measures on photos held back, and writes a run folder. With folds, the figures are out-of-fold and the model
 * that is delivered is trained on all photos afterwards.
 * @throws BusanaError for data, settings, interruption, divergence, output
 */
export async function train(request: TrainRequest): Promise<TrainResult> {
  const { emit, signal } = request;
  const clock = new RunClock();
  const run = await openRun('train', request, [{ name: request.config.model, config: request.config }]);
  const prepared = await prepareRun(run, {
    clock,
    emit,
    ...(signal && { signal }),
    ...(request.cache !== undefined && { cache: request.cache }),
  });
  try {
    if (request.dryRun) return { folder: run.folder.path, metrics: undefined, summary: ['dry run: nothing trained'] };
    return await trainPrepared(prepared, emit, signal);
  } finally {
    await releaseStores(prepared);
  }
}

async function trainPrepared(prepared: PreparedRun, emit: Listener, signal?: AbortSignal): Promise<TrainResult> {
  const { run, photos, taxonomy, fingerprint, groups } = prepared;
  const { folder } = run;
  const [arm] = run.arms;
  const config = arm!.config;
  const splits = await planSplits(prepared, config);
  const shared = { ...prepared, folder, emit, ...(signal && { signal }) };
  const [evidence] = (await executeArms({ ...shared, arms: run.arms, splits })) as [ArmResult];
  const metrics = heldOutMetrics(evidence.heldOut, photos, taxonomy, groups.groupOf);
  const final = config.folds > 0 ? await trainOnAll(shared, evidence) : { split: splits[0]!, job: evidence.jobs[0]! };
  await writeTables(folder, [evidence], photos, taxonomy);
  if (metrics !== undefined) await folder.writeJson('metrics.json', metrics);
  const evaluation = describeEvaluation(config, prepared, splits);
  await deliver({
    folder,
    name: folder.name,
    config,
    taxonomy,
    fingerprint,
    photos,
    parameters: final.job.parameters,
    trainedOn: final.split.train,
    pictures: prepared.validationStore,
    evidence,
    splits,
    metrics,
    evaluation,
  });
  await writeRunReport({ folder, title: folder.name, arms: [{ ...evidence, metrics }], photos, taxonomy, evaluation });
  const timing = await writeTiming(folder, prepared.clock);
  const summary = [...summarise(folder.path, metrics, evaluation), describeTiming(timing)];
  return { folder: folder.path, metrics, timing, summary };
}

/** The delivered model of a cross-validation: the same recipe on every photo. */
async function trainOnAll(
  options: Omit<Parameters<typeof executeArms>[0], 'arms' | 'splits'>,
  { arm }: ArmResult,
): Promise<{ split: Split; job: ArmResult['jobs'][number] }> {
  const split: Split = { fold: 'all', train: options.photos.map((_, index) => index), validation: [] };
  // Stopping early needs photos that are held back; on all photos the recipe runs to its end.
  const config = { ...arm.config, patience: 0 };
  const [result] = await executeArms({ ...options, arms: [{ name: arm.name, config }], splits: [split] });
  return { split, job: result!.jobs[0]! };
}

function describeEvaluation(
  config: TrainingConfig,
  { validationPhotos }: PreparedRun,
  splits: readonly Split[],
): string {
  const held = splits.reduce((sum, { validation }) => sum + validation.length, 0);
  if (held === 0) return 'Nothing was held back: this model has no measured figures.';
  const chosen =
    config.patience > 0 ? ' The epoch was chosen on the same photos, so the figures flatter a little.' : '';
  if (config.folds > 0) {
    return `Out-of-fold figures of ${config.folds} folds over ${held} photos, duplicates kept in one fold.${chosen}`;
  }
  const where = validationPhotos > 0 ? 'of a data set of their own' : 'held back, duplicates kept together';
  return `Figures of ${held} photos ${where}.${chosen}`;
}

function summarise(folder: string, metrics: Metrics | undefined, evaluation: string): string[] {
  if (metrics === undefined) return ['', evaluation, `model: ${folder}/model.onnx`];
  return ['', ...describeMetrics(metrics), evaluation, `model: ${folder}/model.onnx   report: ${folder}/report.html`];
}
