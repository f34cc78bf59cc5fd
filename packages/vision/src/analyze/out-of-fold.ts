/** @file What heads say of photos whose labels they have not seen. */
import type { Taxonomy, TrainingConfig } from '@busana/contracts';
import type { Targets } from '../data/dataset.ts';
import { assignFolds } from '../data/folds.ts';
import { planApproach } from '../train/approach.ts';
import { RunClock } from '../train/clock.ts';
import { Fit } from '../train/fit.ts';
import { probabilitiesAt } from '../train/scaling.ts';
import type { TrainingInputs } from '../train/inputs.ts';

export interface OutOfFoldOptions {
  readonly config: TrainingConfig;
  readonly taxonomy: Taxonomy;
  readonly inputs: TrainingInputs;
  /** Of the first photos of the inputs. */
  readonly targets: readonly Targets[];
  /** Photos of one group are held back together. */
  readonly groupOf: readonly number[];
  readonly folds: number;
  readonly onProgress: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Probabilities of every photo from heads that were trained without its fold.
 * @returns per attribute, `[targets.length * classes]` row-major
 * @throws BusanaError INTERRUPTED, TRAINING_DIVERGED; CONFIG_INVALID when there are fewer groups than folds
 */
export async function outOfFold(options: OutOfFoldOptions): Promise<Float32Array[]> {
  const { config, taxonomy, inputs, targets, groupOf, folds, onProgress, signal } = options;
  const plan = planApproach('multi-output', taxonomy);
  const foldOf = assignFolds({ targets, groupOf }, { folds, seed: config.seed });
  const result = plan.classes.map((classes) => new Float32Array(targets.length * classes));
  const positions = targets.map((_, position) => position);
  for (let fold = 1; fold <= folds; fold += 1) {
    const train = positions.filter((position) => foldOf[position] !== fold);
    const held = positions.filter((position) => foldOf[position] === fold);
    const stream = `analyze/${fold}`;
    const fit = await Fit.create({ config, plan, inputs, targets, train, stream, clock: new RunClock() });
    try {
      for (let epoch = 1; epoch <= config.epochs; epoch += 1) {
        await fit.trainEpoch(epoch, signal && { signal });
        onProgress((fold - 1) * config.epochs + epoch, folds * config.epochs);
      }
      const probabilities = probabilitiesAt(plan, await fit.logits(held, signal));
      plan.classes.forEach((classes, attribute) => {
        held.forEach((position, row) => {
          const scores = probabilities[attribute]!.subarray(row * classes, (row + 1) * classes);
          result[attribute]!.set(scores, position * classes);
        });
      });
    } finally {
      await fit.release();
    }
  }
  return result;
}
