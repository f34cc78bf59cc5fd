/** @file The jobs of a run, one after the other: every arm on every split. */
import type { Taxonomy, TrainingConfig } from '@busana/contracts';
import type { PhotoStore } from '../batches/photo-store.ts';
import type { LabelledPhoto } from '../data/dataset.ts';
import type { DuplicateGroups } from '../data/duplicates.ts';
import type { AugmentationPolicy } from '../image/augment/policy.ts';
import { planApproach, type ApproachPlan } from './approach.ts';
import type { RunClock } from './clock.ts';
import type { JobName, Listener } from './events.ts';
import type { HeldOut } from './held-out.ts';
import { runJob, type JobResult } from './job.ts';
import type { TrainingInputs } from './inputs.ts';
import { loadJob, saveJob } from './job-store.ts';
import { prepareInputs } from './prepare-inputs.ts';
import type { EpochRow } from './results.ts';
import type { RunFolder } from './run-folder.ts';
import { scaledHeldOut, type FoldLogits } from './scaling.ts';

/** One contender of a run: a name and everything that decides its numbers. */
export interface Arm {
  readonly name: string;
  readonly config: TrainingConfig;
}

/** Photos to learn from and photos held back, as positions in the store. */
export interface Split {
  readonly fold: JobName['fold'];
  readonly train: readonly number[];
  readonly validation: readonly number[];
}

export interface ExecuteOptions {
  readonly folder: RunFolder;
  readonly arms: readonly Arm[];
  readonly splits: readonly Split[];
  readonly photos: readonly LabelledPhoto[];
  readonly taxonomy: Taxonomy;
  /** Photos that show the same. */
  readonly groups: Pick<DuplicateGroups, 'groupOf'>;
  readonly store: PhotoStore;
  readonly validationStore: PhotoStore;
  readonly policy: AugmentationPolicy;
  readonly cache: string;
  readonly clock: RunClock;
  readonly emit: Listener;
  readonly signal?: AbortSignal;
}

/** An arm with what came out of it. */
export interface ArmResult {
  readonly arm: Arm;
  readonly plan: ApproachPlan;
  readonly rows: readonly EpochRow[];
  readonly jobs: readonly JobResult[];
  /** Undefined when nothing was held back. */
  readonly heldOut: HeldOut | undefined;
}

/** Runs what is not finished yet. @throws BusanaError INTERRUPTED, TRAINING_DIVERGED, OUTPUT_UNWRITABLE */
export async function executeArms(options: ExecuteOptions): Promise<ArmResult[]> {
  const { arms, splits, taxonomy, photos, groups } = options;
  const known = { targets: photos.map(({ targets }) => targets), groupOf: groups.groupOf };
  const results: ArmResult[] = [];
  for (const [position, arm] of arms.entries()) {
    const plan = planApproach(arm.config.approach, taxonomy);
    const inputs = once(() => prepareInputs(arm.config, options));
    const jobs: JobResult[] = [];
    try {
      for (const [index, split] of splits.entries()) {
        const done = position * splits.length + index;
        const total = arms.length * splits.length;
        jobs.push(await finishJob(options, { arm, plan, inputs: inputs.get, split, done, total }));
      }
    } finally {
      await inputs.release();
    }
    const held = heldLogits(jobs, splits);
    const heldOut = held.length === 0 ? undefined : scaledHeldOut(arm.name, plan, held, known);
    results.push({ arm, plan, jobs, rows: jobs.flatMap(({ rows }) => rows), heldOut });
  }
  return results;
}

interface Job {
  readonly arm: Arm;
  readonly plan: ApproachPlan;
  /** Asked for when the job has not been finished before. */
  readonly inputs: () => Promise<TrainingInputs>;
  readonly split: Split;
  readonly done: number;
  readonly total: number;
}

async function finishJob(options: ExecuteOptions, { arm, plan, inputs, split, done, total }: Job): Promise<JobResult> {
  const { folder, emit, taxonomy, photos, clock, signal } = options;
  const name: JobName = { arm: arm.name, fold: split.fold };
  const checkpoints = total === 1 ? 'checkpoints' : `checkpoints/${arm.name.replaceAll('/', '-')}-${split.fold}`;
  const finished = await loadJob(folder, `${checkpoints}/job.safetensors`);
  if (finished !== undefined) return finished;
  const prepared = await inputs();
  emit({ type: 'job', job: name, position: done + 1, jobs: total });
  const result = await runJob({
    name,
    config: arm.config,
    plan,
    inputs: prepared,
    targets: photos.map(({ targets }) => targets),
    train: split.train,
    validation: split.validation,
    attributes: taxonomy.attributes.map((attribute) => attribute.name),
    folder,
    checkpoints,
    clock,
    emit,
    ...(signal && { signal }),
    secondsAfter: (perEpoch) => (perEpoch * remainingEpochs(options, done)) / plan.networks.length,
  });
  await saveJob(folder, `${checkpoints}/job.safetensors`, result);
  return result;
}

/** Epochs of single networks still to be trained once `done + 1` jobs are finished. */
function remainingEpochs({ arms, splits, taxonomy }: ExecuteOptions, done: number): number {
  return arms
    .flatMap(({ config }) => splits.map(() => config.epochs * planApproach(config.approach, taxonomy).networks.length))
    .slice(done + 1)
    .reduce((sum, epochs) => sum + epochs, 0);
}

/** Makes inputs when they are first asked for, and releases what was made. */
function once(make: () => Promise<TrainingInputs>) {
  let made: Promise<TrainingInputs> | undefined;
  return {
    get: (): Promise<TrainingInputs> => (made ??= make()),
    release: async (): Promise<void> => (await made?.catch(() => undefined))?.release(),
  };
}

/** What the jobs say of the photos their splits held back, in the order of the splits; empty when nothing was. */
export function heldLogits(jobs: readonly JobResult[], splits: readonly Split[]): FoldLogits[] {
  return splits.flatMap(({ fold, validation: photos }, index) =>
    photos.length === 0 ? [] : [{ fold: fold === 'all' ? 0 : fold, photos, logits: jobs[index]!.logits }],
  );
}
