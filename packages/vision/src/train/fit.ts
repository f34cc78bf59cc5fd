/** @file One fit: the networks of an approach, trained on some photos and asked about others. */
import { BusanaError, type TrainingConfig } from '@busana/contracts';
import { Random, type TensorMap } from '@busana/engine';
import type { Targets } from '../data/dataset.ts';
import type { ApproachPlan } from './approach.ts';
import type { RunClock } from './clock.ts';
import { EpochBatches } from './epoch-batches.ts';
import type { InputBatch, TrainingInputs } from './inputs.ts';
import { classWeights } from './loss.ts';
import { Member } from './member.ts';
import { planPasses, type Passes } from './passes.ts';
import { learningRateSchedule } from './recipe.ts';

export interface FitOptions {
  readonly config: TrainingConfig;
  readonly plan: ApproachPlan;
  readonly inputs: TrainingInputs;
  /** Per photo of the store. */
  readonly targets: readonly Targets[];
  /** Positions in the store of the photos to learn from. */
  readonly train: readonly number[];
  /** Distinguishes the random streams of fits within a run, e.g. `cnn/multi-output/2`. */
  readonly stream: string;
  /** Counts what the engine is busy with. */
  readonly clock: RunClock;
}

export interface EpochSummary {
  /** Mean over the epoch's steps of the sum of all heads' losses. */
  readonly loss: number;
  /** Learning rate of the last step. */
  readonly learningRate: number;
  /** Photos seen. */
  readonly images: number;
}

/** Photos per forward pass outside training: large enough to fill the cores, small enough for any network. */
const EVALUATION_BATCH = 32;

export class Fit {
  readonly #options: FitOptions;
  readonly #members: readonly Member[];
  readonly #passes: Passes;
  readonly #batches: EpochBatches;

  private constructor(options: FitOptions, members: readonly Member[], passes: Passes, batches: EpochBatches) {
    this.#options = options;
    this.#members = members;
    this.#passes = passes;
    this.#batches = batches;
  }

  /** Compiles every network of the approach with fresh parameters. @throws BusanaError CONFIG_INVALID */
  static async create(options: FitOptions): Promise<Fit> {
    const { config, plan, inputs, train, targets, stream, clock } = options;
    if (train.length < 2) throw new BusanaError('DATA_INVALID', `${train.length} photos are too few to train on`);
    const passes = planPasses(config, train.length);
    const batches = new EpochBatches((epoch) => batchesOf(options, passes, epoch));
    batches.begin(1);
    const members: Member[] = [];
    for (const network of plan.networks) {
      const weights = classWeights(config.classWeights, network, train, targets);
      members.push(
        await Member.create({ config, plan: network, inputs, passes, classWeights: weights, stream, clock }),
      );
    }
    return new Fit(options, members, passes, batches);
  }

  /** One pass over the training photos. @throws BusanaError TRAINING_DIVERGED, INTERRUPTED */
  async trainEpoch(
    epoch: number,
    hooks: { signal?: AbortSignal; onBatch?: (done: number, total: number) => void } = {},
  ): Promise<EpochSummary> {
    const { config, targets } = this.#options;
    const { batch, passesPerStep, stepsPerEpoch } = this.#passes;
    const rateAt = learningRateSchedule(config, stepsPerEpoch);
    let [passes, loss, learningRate] = [0, 0, 0];
    for (const member of this.#members) await member.enter(epoch);
    const stepsBefore = (epoch - 1) * stepsPerEpoch;
    for await (const { input, indices, mix } of this.#batches.of(epoch)) {
      if (hooks.signal?.aborted === true) throw new BusanaError('INTERRUPTED', `stopped in epoch ${epoch}`);
      const step = Math.floor(passes / passesPerStep);
      learningRate = rateAt(stepsBefore + step);
      passes += 1;
      const update = passes % passesPerStep === 0;
      for (const member of this.#members) {
        const classes = indices.map((index) => member.plan.headTargets(targets[index]!));
        const ofPass = await member.train({ input, targets: classes, mix }, { learningRate, update });
        if (!Number.isFinite(ofPass)) {
          throw new BusanaError('TRAINING_DIVERGED', `the loss became ${ofPass} in epoch ${epoch}, step ${step + 1}`);
        }
        loss += ofPass;
      }
      if (update) hooks.onBatch?.(step + 1, stepsPerEpoch);
    }
    if (epoch < config.epochs) this.#batches.begin(epoch + 1);
    return { loss: loss / passes, learningRate, images: stepsPerEpoch * batch };
  }

  /**
   * Logits of photos, never augmented.
   * @returns per head, in the order of the plan's networks, `[photos * classes]` row-major
   */
  async logits(photos: readonly number[], signal?: AbortSignal): Promise<Float32Array[]> {
    const { inputs } = this.#options;
    const heads = this.#members.flatMap(({ plan }) => plan.heads);
    const result = heads.map((head) => new Float32Array(photos.length * head.classes));
    for (let start = 0; start < photos.length; start += EVALUATION_BATCH) {
      if (signal?.aborted === true) throw new BusanaError('INTERRUPTED', 'stopped during validation');
      const indices = photos.slice(start, start + EVALUATION_BATCH);
      const input = await inputs.read(indices);
      let position = 0;
      for (const member of this.#members) {
        for (const ofHead of await member.logits(input)) {
          result[position]!.set(ofHead, start * heads[position]!.classes);
          position += 1;
        }
      }
    }
    return result;
  }

  /** Everything a bit-equal continuation needs, by network. */
  states(): ReadonlyMap<string, TensorMap> {
    return new Map(this.#members.map((member) => [member.plan.name, member.state()]));
  }

  /**
   * @param epoch the one the states were taken after
   * @throws BusanaError RESUME_IMPOSSIBLE when the states are of another architecture
   */
  async load(states: ReadonlyMap<string, TensorMap>, epoch: number): Promise<void> {
    for (const member of this.#members) {
      const { name } = member.plan;
      const state = states.get(name);
      if (state === undefined) throw new BusanaError('RESUME_IMPOSSIBLE', `the checkpoint has no network '${name}'`);
      await member.enter(epoch);
      member.load(state);
    }
  }

  /** Current parameters and running statistics of each whole network, with those that were not trained. */
  parameters(): ReadonlyMap<string, TensorMap> {
    const { fixed } = this.#options.inputs;
    return new Map(this.#members.map((member) => [member.plan.name, new Map([...fixed, ...member.parameters()])]));
  }

  async release(): Promise<void> {
    await this.#batches.release();
    for (const member of this.#members) await member.release();
  }
}

function batchesOf(
  { config, inputs, train, stream }: FitOptions,
  { batch, rows, stepsPerEpoch }: Passes,
  epoch: number,
): AsyncIterable<InputBatch> {
  const { seed } = config;
  const shuffled = Random.of(seed, 'order', stream, epoch).shuffle(train);
  // The last batch is filled up from the start of the epoch's order: static shapes, and every photo is seen.
  const order = Array.from({ length: stepsPerEpoch * batch }, (_, i) => shuffled[i % shuffled.length]!);
  return inputs.batches({ order, batchSize: rows, seed, stream, epoch });
}
