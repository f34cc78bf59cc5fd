import { EngineError } from '../errors.ts';
import { expectTensor, copyOf, tensor, type Tensor, type TensorMap } from '../graph/tensor.ts';
import { initialise, type ParameterSpec } from '../layers/initializers.ts';
import type { Noise } from '../layers/network.ts';
import { Random } from '../random.ts';
import { createSession, type Named, type Session, type SessionOptions } from '../runtime/session.ts';
import { averageOf } from './averaging.ts';
import { MovingNumbers } from './moving.ts';
import { planStep, type StepDefinition, type StepPlan } from './plan.ts';

/** Name in a state of the number of updates. */
const STEP = 'step';
/** Name in a state of the number of passes, which is that of updates unless gradients are accumulated. */
const PASSES = 'passes';

export interface TrainingStepOptions extends StepDefinition {
  /** Decides the start values and every mask. */
  readonly seed: number | string;
  /** Start values of some or all parameters and running statistics; the others are initialised. */
  readonly initial?: TensorMap;
  readonly session?: SessionOptions;
}

export interface StepSettings {
  readonly learningRate: number;
  /** Default true. False leaves the gradient in the accumulators, for a later pass that updates; needs `accumulate`. */
  readonly update?: boolean;
  /**
   * Weight of this pass's gradient in the sum, default 1; needs `accumulate`. With rows of the pass / rows of the batch
   * the passes of a batch add up to the gradient of its mean loss; exactly so where a loss is the mean over all rows
   * (one that skips unlabelled rows is averaged pass by pass).
   */
  readonly share?: number;
}

export interface StepResult {
  /** The loss before this step's update; not finite when the training diverged, which is the caller's to judge. */
  readonly loss: number;
  readonly outputs: Record<string, Tensor>;
}

/**
 * Compiles forward pass, loss and gradients into one model; the optimizer works beside it.
 * @throws EngineError NO_GRADIENT, SHAPE_MISMATCH, INVALID_GRAPH; INVALID_ARGUMENT when a start value does not fit
 */
export async function compileTrainingStep(options: TrainingStepOptions): Promise<TrainingStep> {
  const plan = planStep(options);
  const start = startValues(plan.network.specs, options);
  const session = await createSession(plan.graph, {
    memory: 'as needed',
    outputs: hasKnownSizes(plan) ? 'fetched' : 'returned',
    ...options.session,
  });
  return new TrainingStep(plan, start, options, session);
}

/** A compiled step and the numbers it moves. The same seed, feeds and rates give the same numbers, bit for bit. */
export class TrainingStep {
  /** Every parameter and running statistic, in the order of declaration. */
  readonly specs: readonly ParameterSpec[];
  readonly #plan: StepPlan;
  readonly #seed: number | string;
  readonly #accumulates: boolean;
  readonly #session: Session;
  /** What never changes: frozen parameters, and those that the loss does not depend on. */
  readonly #fixed: Map<string, Tensor>;
  readonly #moving: MovingNumbers;
  readonly #masks: ReadonlyMap<string, Tensor<'float32'>>;
  /** All that a pass reads besides what the caller feeds. */
  #feeds: Named;
  /** Where a pass writes; not the loss and the other outputs where their sizes are only known then. */
  readonly #fetches: Named;
  #steps = 0;
  #passes = 0;

  constructor(plan: StepPlan, start: TensorMap, options: TrainingStepOptions, session: Session) {
    this.specs = plan.network.specs;
    this.#plan = plan;
    this.#seed = options.seed;
    this.#accumulates = options.accumulate === true;
    this.#session = session;
    this.#moving = new MovingNumbers(plan, start, options);
    const moves = this.#moving.feeds;
    this.#fixed = new Map(
      [...start].filter(([name]) => !moves.has(name)).map(([name, values]) => [name, copyOf(values)]),
    );
    this.#masks = new Map(
      [...plan.network.noises.values()].map(({ value }) => [
        value.name,
        tensor('float32', value.shape as readonly number[]),
      ]),
    );
    const asked = hasKnownSizes(plan) ? [plan.loss, ...Object.values(plan.outputs)] : [];
    const results = asked.map(({ name, type, shape }) => [name, tensor(type, shape as readonly number[])] as const);
    this.#fetches = Object.fromEntries([...results, ...this.#moving.fetches]);
    this.#feeds = this.#allFeeds();
  }

  /** Updates made so far. */
  get steps(): number {
    return this.#steps;
  }

  /**
   * One pass, and with it an update unless that is put off. The numbers stay as they were when it fails.
   * @param feeds the inputs that `build` declared
   * @throws EngineError INVALID_ARGUMENT, RUNTIME
   */
  async run(feeds: Named, { learningRate, update = true, share = 1 }: StepSettings): Promise<StepResult> {
    if (!this.#accumulates && (!update || share !== 1)) {
      throw new EngineError('INVALID_ARGUMENT', 'a step of several passes is compiled with accumulate');
    }
    this.#drawMasks();
    const results = await this.#session.run({ ...feeds, ...this.#feeds }, this.#fetches);
    this.#moving.finish({ learningRate, step: this.#steps + 1, update, share });
    this.#steps += Number(update);
    this.#passes += 1;
    const outputs = Object.entries(this.#plan.outputs).map(
      ([name, value]) => [name, copyOf(results[value.name]!)] as const,
    );
    return { loss: Number(results[this.#plan.loss.name]!.data[0]), outputs: Object.fromEntries(outputs) };
  }

  /** Current parameters and running statistics. They are the step's own: the next run changes them. */
  parameters(): TensorMap {
    const moving = this.#moving.feeds;
    return new Map(this.specs.map(({ name }) => [name, this.#fixed.get(name) ?? moving.get(name)!]));
  }

  /** As {@link parameters}, each that moves as its moving average where averages are kept. */
  averagedParameters(): TensorMap {
    const { kept } = this.#moving;
    return new Map([...this.parameters()].map(([name, values]) => [name, kept.get(averageOf(name)) ?? values]));
  }

  /** A copy of everything a bit-equal continuation needs: parameters, statistics, slots, counters; also in mid-batch. */
  state(): TensorMap {
    const tensors = [...new Map([...this.parameters(), ...this.#moving.kept])].map(
      ([name, values]) => [name, copyOf(values)] as const,
    );
    const numbers = new Map<string, Tensor>([...tensors, [STEP, counter(this.#steps)]]);
    return this.#accumulates ? numbers.set(PASSES, counter(this.#passes)) : numbers;
  }

  /** Takes up a state. @throws EngineError INVALID_ARGUMENT when it is not one of this network and optimizer */
  load(state: TensorMap): void {
    const steps = expectTensor(state, STEP, 'int64', []);
    const passes = this.#accumulates ? expectTensor(state, PASSES, 'int64', []) : steps;
    const counters = this.#accumulates ? [STEP, PASSES] : [STEP];
    const { kept } = this.#moving;
    const unknown = [...state.keys()].filter(
      (name) => !counters.includes(name) && !this.#fixed.has(name) && !kept.has(name),
    );
    if (unknown.length > 0) {
      throw new EngineError('INVALID_ARGUMENT', `the step has no place for ${unknown.join(', ')}`);
    }
    for (const [name, { type, shape }] of this.#fixed) expectTensor(state, name, type, shape);
    this.#moving.load(state);
    for (const name of this.#fixed.keys()) this.#fixed.set(name, copyOf(state.get(name)!));
    this.#feeds = this.#allFeeds();
    this.#steps = Number(steps.data[0]);
    this.#passes = Number(passes.data[0]);
  }

  /** Gives the memory of the model back; the step cannot run afterwards. */
  async release(): Promise<void> {
    await this.#session.release();
  }

  #allFeeds(): Named {
    return Object.fromEntries([...this.#fixed, ...this.#moving.feeds, ...this.#masks]);
  }

  #drawMasks(): void {
    for (const [name, { draw }] of this.#plan.network.noises) fill(this.#masks.get(name)!, draw, this.#streamOf(name));
  }

  #streamOf(mask: string): Random {
    return Random.of(this.#seed, 'dropout', mask, this.#passes);
  }
}

function hasKnownSizes({ loss, outputs }: StepPlan): boolean {
  return [loss, ...Object.values(outputs)].every(({ shape }) => shape.every((size) => typeof size === 'number'));
}

function counter(value: number): Tensor<'int64'> {
  return tensor('int64', [], BigInt64Array.of(BigInt(value)));
}

function fill({ data }: Tensor<'float32'>, draw: Noise['draw'], random: Random): void {
  for (let i = 0; i < data.length; i += 1) data[i] = draw(random);
}

function startValues(specs: readonly ParameterSpec[], { seed, initial = new Map() }: TrainingStepOptions): TensorMap {
  const known = new Set(specs.map(({ name }) => name));
  const unknown = [...initial.keys()].filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw new EngineError('INVALID_ARGUMENT', `the network has no parameters named ${unknown.join(', ')}`);
  }
  const fresh = initialise(
    specs.filter(({ name }) => !initial.has(name)),
    seed,
  );
  const all = new Map([...fresh, ...initial]);
  return new Map(specs.map(({ name, shape }) => [name, expectTensor(all, name, 'float32', shape)]));
}
