/** @file One fit: the networks of an approach, trained on some photos of a store and asked about others. */
import { BusanaError, type TrainingConfig } from '@busana/contracts';
import {
  compileForward,
  compileTrainingStep,
  Random,
  tensor,
  type Forward,
  type Tensor,
  type TensorMap,
  type TrainingStep,
} from '@busana/engine';
import type { AugmentationPolicy } from '../image/augment/policy.ts';
import { batches } from '../batches/batches.ts';
import type { PhotoStore } from '../batches/photo-store.ts';
import type { Targets } from '../data/dataset.ts';
import { normalisations } from '../image/tensor.ts';
import { classify } from '../models/classifier.ts';
import { architectureNamed } from '../models/registry.ts';
import type { ApproachPlan, NetworkPlan } from './approach.ts';
import { classWeights, headsLoss } from './loss.ts';
import { learningRateSchedule, optimizerFor } from './recipe.ts';

export interface FitOptions {
  readonly config: TrainingConfig;
  readonly plan: ApproachPlan;
  readonly store: PhotoStore;
  /** Per photo of the store. */
  readonly targets: readonly Targets[];
  /** Positions in the store of the photos to learn from. */
  readonly train: readonly number[];
  readonly policy: AugmentationPolicy;
  /** Distinguishes the random streams of fits within a run, e.g. `cnn/multi-output/2`. */
  readonly stream: string;
}

export interface EpochSummary {
  /** Mean over the epoch's steps of the sum of all heads' losses. */
  readonly loss: number;
  /** Learning rate of the last step. */
  readonly learningRate: number;
  /** Photos seen. */
  readonly images: number;
}

interface Member {
  readonly plan: NetworkPlan;
  readonly step: TrainingStep;
  readonly forward: Forward;
}

/** Photos per forward pass outside training: large enough to fill the cores, small enough for any network. */
const EVALUATION_BATCH = 32;

export class Fit {
  readonly #options: FitOptions;
  readonly #members: readonly Member[];
  readonly #batch: number;
  readonly stepsPerEpoch: number;

  private constructor(options: FitOptions, members: readonly Member[], batch: number) {
    this.#options = options;
    this.#members = members;
    this.#batch = batch;
    this.stepsPerEpoch = stepsFor(options.train.length, batch);
  }

  /** Compiles every network of the approach with fresh parameters. @throws BusanaError CONFIG_INVALID */
  static async create(options: FitOptions): Promise<Fit> {
    const { config, plan, train } = options;
    if (train.length < 2) throw new BusanaError('DATA_INVALID', `${train.length} photos are too few to train on`);
    const batch = Math.min(config.batch, train.length);
    const members: Member[] = [];
    for (const network of plan.networks) members.push(await compileMember(options, network, batch));
    return new Fit(options, members, batch);
  }

  /** One pass over the training photos. @throws BusanaError TRAINING_DIVERGED, INTERRUPTED */
  async trainEpoch(
    epoch: number,
    hooks: { signal?: AbortSignal; onBatch?: (done: number, total: number) => void } = {},
  ): Promise<EpochSummary> {
    const { config, store, train, policy, stream, targets } = this.#options;
    const shuffled = Random.of(config.seed, 'order', stream, epoch).shuffle(train);
    // The last batch is filled up from the start of the epoch's order: static shapes, and every photo is seen.
    const order = Array.from({ length: this.stepsPerEpoch * this.#batch }, (_, i) => shuffled[i % shuffled.length]!);
    const rateAt = learningRateSchedule(config, this.stepsPerEpoch);
    let [done, loss, learningRate] = [0, 0, 0];
    const stepsBefore = (epoch - 1) * this.stepsPerEpoch;
    for await (const { images, indices } of batches(store, {
      order,
      batchSize: this.#batch,
      policy,
      seed: config.seed,
      stream,
      epoch,
    })) {
      if (hooks.signal?.aborted === true) throw new BusanaError('INTERRUPTED', `stopped in epoch ${epoch}`);
      learningRate = rateAt(stepsBefore + done);
      for (const { plan, step } of this.#members) {
        const feeds = { image: this.#imageTensor(images, indices.length), ...targetFeeds(plan, indices, targets) };
        const result = await step.run(feeds, { learningRate });
        if (!Number.isFinite(result.loss)) {
          throw new BusanaError(
            'TRAINING_DIVERGED',
            `the loss became ${result.loss} in epoch ${epoch}, step ${done + 1}`,
          );
        }
        loss += result.loss;
      }
      done += 1;
      hooks.onBatch?.(done, this.stepsPerEpoch);
    }
    return { loss: loss / this.stepsPerEpoch, learningRate, images: order.length };
  }

  /**
   * Logits of photos, never augmented.
   * @returns per head, in the order of the plan's networks, `[photos * classes]` row-major
   */
  async logits(photos: readonly number[], signal?: AbortSignal): Promise<Float32Array[]> {
    const { store } = this.#options;
    const heads = this.#members.flatMap(({ plan }) => plan.heads);
    const result = heads.map((head) => new Float32Array(photos.length * head.classes));
    for (let start = 0; start < photos.length; start += EVALUATION_BATCH) {
      if (signal?.aborted === true) throw new BusanaError('INTERRUPTED', 'stopped during validation');
      const indices = photos.slice(start, start + EVALUATION_BATCH);
      const image = this.#imageTensor(await store.read(indices), indices.length);
      let position = 0;
      for (const { plan, step, forward } of this.#members) {
        const outputs = await forward.run({ image }, step.parameters());
        for (const head of plan.heads) {
          result[position]!.set(outputs[`logits.${head.name}`]!.data as Float32Array, start * head.classes);
          position += 1;
        }
      }
    }
    return result;
  }

  /** Everything a bit-equal continuation needs, by network. */
  states(): ReadonlyMap<string, TensorMap> {
    return new Map(this.#members.map(({ plan, step }) => [plan.name, step.state()]));
  }

  /** @throws BusanaError RESUME_IMPOSSIBLE when the state is of another architecture */
  load(states: ReadonlyMap<string, TensorMap>): void {
    for (const { plan, step } of this.#members) {
      const state = states.get(plan.name);
      if (state === undefined)
        throw new BusanaError('RESUME_IMPOSSIBLE', `the checkpoint has no network '${plan.name}'`);
      step.load(state);
    }
  }

  /** Current parameters and running statistics of each network. */
  parameters(): ReadonlyMap<string, TensorMap> {
    return new Map(this.#members.map(({ plan, step }) => [plan.name, step.parameters()]));
  }

  async release(): Promise<void> {
    for (const { step, forward } of this.#members) {
      await step.release();
      await forward.release();
    }
  }

  #imageTensor(images: Uint8Array, count: number): Tensor {
    const { imageSize } = this.#options.config;
    return tensor('uint8', [count, imageSize, imageSize, 3], images);
  }
}

function stepsFor(photos: number, batch: number): number {
  return Math.ceil(photos / batch);
}

async function compileMember(options: FitOptions, plan: NetworkPlan, batch: number): Promise<Member> {
  const { config, targets, train, stream } = options;
  const architecture = architectureNamed(config.model);
  const shared = {
    architecture,
    heads: plan.heads,
    imageSize: config.imageSize,
    normalisation: normalisations[config.normalise],
    dropout: config.dropout,
  };
  const { imageSize, threads } = config;
  const session = threads === 0 ? {} : { threads };
  const weights = classWeights(config.classWeights, plan, train, targets);
  const step = await compileTrainingStep({
    build(network) {
      const image = network.graph.input('image', 'uint8', [batch, imageSize, imageSize, 3]);
      const { logits } = classify(network, image, shared);
      const classes = plan.heads.map((head) => network.graph.input(`target.${head.name}`, 'int64', [batch]));
      return { loss: headsLoss(network.graph, logits, classes, { weights, labelSmoothing: config.labelSmoothing }) };
    },
    optimizer: optimizerFor(config),
    seed: `${config.seed}/${stream}/${plan.name}`,
    session,
  });
  const forward = await compileForward({
    build(network) {
      const image = network.graph.input('image', 'uint8', ['N', imageSize, imageSize, 3]);
      const { logits } = classify(network, image, shared);
      return Object.fromEntries(plan.heads.map((head, index) => [`logits.${head.name}`, logits[index]!]));
    },
    session,
  });
  return { plan, step, forward };
}

function targetFeeds(
  plan: NetworkPlan,
  indices: readonly number[],
  targets: readonly Targets[],
): Record<string, Tensor> {
  const classes = indices.map((index) => plan.headTargets(targets[index]!));
  return Object.fromEntries(
    plan.heads.map((head, position) => [
      `target.${head.name}`,
      tensor(
        'int64',
        [indices.length],
        BigInt64Array.from(classes, (photo) => BigInt(photo[position]!)),
      ),
    ]),
  );
}
