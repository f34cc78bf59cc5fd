/** @file One job of a run: epochs of one fit, validated, checkpointed and resumable. */
import type { TrainingConfig } from '@busana/contracts';
import { performance } from 'node:perf_hooks';
import { decodeCheckpoint, encodeCheckpoint, type Progress } from './checkpoint.ts';
import { exactMatchRatio, attributeAccuracy } from '../evaluate/accuracy.ts';
import type { TensorMap } from '@busana/engine';
import type { JobName, Listener } from './events.ts';
import { Fit, type FitOptions } from './fit.ts';
import { validationLoss } from './loss.ts';
import type { EpochRow } from './results.ts';
import type { RunFolder } from './run-folder.ts';
import { probabilitiesAt } from './scaling.ts';

export interface JobOptions extends Omit<FitOptions, 'stream'> {
  readonly name: JobName;
  readonly attributes: readonly string[];
  /** Positions in the store of the photos held back; empty when all are trained on. */
  readonly validation: readonly number[];
  readonly folder: RunFolder;
  /** Folder of the checkpoints within the run, e.g. `checkpoints`. */
  readonly checkpoints: string;
  readonly emit: Listener;
  readonly signal?: AbortSignal;
  /** Seconds the rest of the run takes once this job is done, for the ETA; given the seconds of one epoch here. */
  readonly secondsAfter: (secondsPerEpoch: number) => number;
}

export interface JobResult {
  readonly rows: readonly EpochRow[];
  /** Of the held-back photos, per head; from the epoch that is kept. */
  readonly logits: readonly Float32Array[];
  /** Per network, parameters of the epoch that is kept: the last, or the best when stopping early was asked for. */
  readonly parameters: ReadonlyMap<string, TensorMap>;
  /** Of prediction, in batches, decoding not counted; 0 when nothing was held back. */
  readonly millisecondsPerImage: number;
}

/**
 * Trains to the last epoch (or until patience runs out), going on from the job's checkpoint when there is one.
 * @throws BusanaError INTERRUPTED, TRAINING_DIVERGED, OUTPUT_UNWRITABLE
 */
export async function runJob(options: JobOptions): Promise<JobResult> {
  const { config, folder, checkpoints, name } = options;
  const fit = await Fit.create({ ...options, stream: `${name.arm}/${name.fold}` });
  try {
    const last = `${checkpoints}/last.safetensors`;
    const best = `${checkpoints}/best.safetensors`;
    let progress: Progress = (await restore(fit, folder, last)) ?? { epoch: 0, rows: [] };
    let held: HeldBack | undefined;
    while (progress.epoch < config.epochs && !outOfPatience(progress, config)) {
      const epoch = await runEpoch(fit, options, progress.epoch + 1);
      const { row } = epoch;
      held = epoch.held;
      const loss = row.val_loss ?? row.train_loss;
      const better = progress.best === undefined || loss < progress.best.loss;
      const bestSoFar = better ? { epoch: row.epoch, loss } : progress.best;
      progress = { epoch: row.epoch, rows: [...progress.rows, row], ...(bestSoFar && { best: bestSoFar }) };
      const bytes = encodeCheckpoint({ progress, states: fit.states() });
      if (better) await folder.write(best, bytes);
      await folder.write(last, bytes);
      options.emit({ type: 'epoch', row, epochs: config.epochs, secondsLeft: secondsLeft(progress, options) });
    }
    if (config.patience > 0) {
      await restore(fit, folder, best);
      held = undefined;
    }
    // Of parameters that this process has not validated: of an earlier epoch, or of a run that was resumed at its end.
    held ??= await askHeldBack(fit, options);
    return { rows: progress.rows, ...held, parameters: copy(fit.parameters()) };
  } finally {
    await fit.release();
  }
}

/** What the network says of the photos held back. */
type HeldBack = Pick<JobResult, 'logits' | 'millisecondsPerImage'>;

async function askHeldBack(fit: Fit, { validation, signal }: JobOptions): Promise<HeldBack> {
  const started = performance.now();
  const logits = await fit.logits(validation, signal);
  return { logits, millisecondsPerImage: (performance.now() - started) / Math.max(validation.length, 1) };
}

async function runEpoch(
  fit: Fit,
  options: JobOptions,
  epoch: number,
): Promise<{ readonly row: EpochRow; readonly held: HeldBack }> {
  const { name, emit, signal, validation } = options;
  const started = performance.now();
  const { loss, learningRate, images } = await fit.trainEpoch(epoch, {
    ...(signal && { signal }),
    onBatch: (done, total) => emit({ type: 'batch', job: name, epoch, done, total }),
  });
  const trained = performance.now();
  const row = {
    arm: name.arm,
    fold: name.fold,
    epoch,
    train_loss: loss,
    lr: learningRate,
    images_per_second: images / ((trained - started) / 1000),
  };
  const held = await askHeldBack(fit, options);
  const measured = validation.length === 0 ? { accuracy: {} } : measure(held.logits, options);
  return { row: { ...row, ...measured, seconds: (performance.now() - started) / 1000 }, held };
}

function measure(
  logits: readonly Float32Array[],
  { plan, validation, targets, attributes }: JobOptions,
): Pick<EpochRow, 'val_loss' | 'emr' | 'accuracy'> {
  const truth = validation.map((photo) => targets[photo]!);
  const headTruth = truth.map((photo) => plan.networks.flatMap((network) => network.headTargets(photo)));
  const probabilities = probabilitiesAt(plan, logits);
  const loss = validationLoss(logits, headTruth);
  const emr = exactMatchRatio(truth, probabilities);
  const accuracy: Record<string, number> = {};
  attributes.forEach((attribute, index) => {
    const value = attributeAccuracy(truth, probabilities, index);
    if (value !== undefined) accuracy[attribute] = value;
  });
  return { ...(loss !== undefined && { val_loss: loss }), ...(emr !== undefined && { emr }), accuracy };
}

async function restore(fit: Fit, folder: RunFolder, file: string): Promise<Progress | undefined> {
  const bytes = await folder.read(file);
  if (bytes === undefined) return undefined;
  const { progress, states } = decodeCheckpoint(bytes, folder.file(file));
  await fit.load(states, progress.epoch);
  return progress;
}

function outOfPatience({ epoch, best }: Progress, { patience }: TrainingConfig): boolean {
  return patience > 0 && best !== undefined && epoch - best.epoch >= patience;
}

function secondsLeft({ epoch, rows }: Progress, { config, secondsAfter }: JobOptions): number {
  const perEpoch = rows.reduce((sum, row) => sum + row.seconds, 0) / rows.length;
  return perEpoch * (config.epochs - epoch) + secondsAfter(perEpoch);
}

/** The step's tensors are buffers that later steps write into: what outlives the fit must be its own. */
function copy(networks: ReadonlyMap<string, TensorMap>): Map<string, TensorMap> {
  return new Map(
    [...networks].map(([name, parameters]) => [
      name,
      new Map([...parameters].map(([key, content]) => [key, { ...content, data: content.data.slice() }])),
    ]),
  );
}
