/** @file One network of an approach while it is trained. */
import type { TrainingConfig } from '@busana/contracts';
import {
  compileForward,
  compileTrainingStep,
  type Forward,
  type Tensor,
  type TensorMap,
  type TrainingStep,
} from '@busana/engine';
import type { Mix } from '../batches/mix.ts';
import { sessionOptions } from '../engine-options.ts';
import type { NetworkPlan } from './approach.ts';
import type { RunClock } from './clock.ts';
import type { TrainingInputs } from './inputs.ts';
import { headsLoss, type HeadsLossOptions } from './loss.ts';
import type { Passes } from './passes.ts';
import { optimizerFor } from './recipe.ts';
import { targetFeeds, targetInputs } from './targets.ts';

export interface MemberOptions {
  readonly config: TrainingConfig;
  readonly plan: NetworkPlan;
  readonly inputs: TrainingInputs;
  readonly passes: Passes;
  /** Per head, weights of the classes in the loss. */
  readonly classWeights: HeadsLossOptions['weights'];
  /** Distinguishes the random streams of networks within a run. */
  readonly stream: string;
  /** Counts what the engine is busy with. */
  readonly clock: RunClock;
}

/** What a pass is taught. */
export interface Lesson {
  readonly input: Tensor;
  /** Per photo, class of each head. */
  readonly targets: readonly (readonly number[])[];
  /** How the photos were mixed, with the setting `mix`. */
  readonly mix: Mix | undefined;
}

/** A training step, compiled anew when more of the backbone is unfrozen, and the forward pass of the same network. */
export class Member {
  readonly plan: NetworkPlan;
  readonly #options: MemberOptions;
  readonly #forward: Forward;
  #step: TrainingStep;
  #frozen: number;

  private constructor(options: MemberOptions, forward: Forward, step: TrainingStep, frozen: number) {
    this.plan = options.plan;
    this.#options = options;
    this.#forward = forward;
    this.#step = step;
    this.#frozen = frozen;
  }

  static async create(options: MemberOptions): Promise<Member> {
    const frozen = options.inputs.frozenStages(1);
    return options.clock.measure('compilation', async () => {
      const step = await compileStep(options, { frozen, initial: options.inputs.initial });
      return new Member(options, await compilePrediction(options), step, frozen);
    });
  }

  /**
   * Freezes what the epoch is to leave alone. A change of it starts the optimizer afresh, whose moments are those of
   * fewer parameters. @param epoch 1 is the first
   */
  async enter(epoch: number): Promise<void> {
    const frozen = this.#options.inputs.frozenStages(epoch);
    if (frozen === this.#frozen) return;
    const initial = this.#step.parameters();
    const { clock } = this.#options;
    const step = await clock.measure('compilation', () => compileStep(this.#options, { frozen, initial }));
    await this.#step.release();
    this.#step = step;
    this.#frozen = frozen;
  }

  /**
   * One pass forward and back.
   * @param settings.update whether the pass is the last of a batch, which moves the parameters
   * @returns the loss of the pass
   */
  async train(
    { input, targets, mix }: Lesson,
    settings: { readonly learningRate: number; readonly update: boolean },
  ): Promise<number> {
    const { clock, passes } = this.#options;
    const share = 1 / passes.passesPerStep;
    const feeds = { input, ...targetFeeds(this.plan.heads, targets, mix) };
    const { loss } = await clock.measure('training', () => this.#step.run(feeds, { ...settings, share }));
    return loss;
  }

  /** Per head, float32 `[N * classes]` row-major. */
  async logits(input: Tensor): Promise<Float32Array[]> {
    const parameters = this.#step.averagedParameters();
    const outputs = await this.#options.clock.measure('validation', () => this.#forward.run({ input }, parameters));
    return this.plan.heads.map(({ name }) => outputs[logitsOf(name)]!.data as Float32Array);
  }

  /** Parameters and running statistics as they are delivered. */
  parameters(): TensorMap {
    return this.#step.averagedParameters();
  }

  state(): TensorMap {
    return this.#step.state();
  }

  load(state: TensorMap): void {
    this.#step.load(state);
  }

  async release(): Promise<void> {
    await this.#step.release();
    await this.#forward.release();
  }
}

function compileStep(
  { config, plan, inputs, passes, classWeights, stream }: MemberOptions,
  { frozen, initial }: { readonly frozen: number; readonly initial: TensorMap },
): Promise<TrainingStep> {
  return compileTrainingStep({
    build(network) {
      const logits = inputs.build(network, plan.heads, passes.rows);
      const targets = targetInputs(network.graph, plan.heads, passes.rows, config.mix !== 'none');
      const options = { weights: classWeights, labelSmoothing: config.labelSmoothing };
      return { loss: headsLoss(network.graph, logits, targets, options) };
    },
    frozen: (name) => inputs.stageOf(name) < frozen,
    ...(config.averaging > 0 && { averaging: config.averaging }),
    accumulate: passes.passesPerStep > 1,
    recompute: config.recompute,
    optimizer: optimizerFor(config, inputs.learningRateFactor),
    seed: `${config.seed}/${stream}/${plan.name}${frozen === 0 ? '' : `/frozen ${frozen}`}`,
    initial,
    session: sessionOptions(config),
  });
}

function compilePrediction({ config, plan, inputs }: MemberOptions): Promise<Forward> {
  return compileForward({
    build(network) {
      const logits = inputs.build(network, plan.heads, 'N');
      return Object.fromEntries(plan.heads.map(({ name }, index) => [logitsOf(name), logits[index]!]));
    },
    session: sessionOptions(config),
  });
}

function logitsOf(head: string): string {
  return `logits.${head}`;
}
