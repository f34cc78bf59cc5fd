import { EngineError } from '../errors.ts';
import { expectTensor, copyOf, tensor, type Tensor, type TensorMap } from '../graph/tensor.ts';
import { initialise, type ParameterSpec } from '../layers/initializers.ts';
import type { Noise } from '../layers/network.ts';
import { Random } from '../random.ts';
import { createSession, type Named, type Session, type SessionOptions } from '../runtime/session.ts';
import { SHARE, UPDATE } from './accumulation.ts';
import { averageOf } from './averaging.ts';
import { DoubleBuffer } from './buffers.ts';
import { LEARNING_RATE, planStep, STEP, type StepDefinition, type StepPlan } from './plan.ts';

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
 * Compiles forward pass, loss, gradients and optimizer into one model.
 * @throws EngineError NO_GRADIENT, SHAPE_MISMATCH, INVALID_GRAPH; INVALID_ARGUMENT when a start value does not fit
 */
export async function compileTrainingStep(options: TrainingStepOptions): Promise<TrainingStep> {
  const plan = planStep(options);
  const start = startValues(plan.network.specs, options);
  const session = await createSession(plan.graph, { memory: 'as needed', ...options.session });
  return new TrainingStep(plan, start, options.seed, session);
}

/** A compiled step and the numbers it moves. The same seed, feeds and rates give the same numbers, bit for bit. */
export class TrainingStep {
  /** Every parameter and running statistic, in the order of declaration. */
  readonly specs: readonly ParameterSpec[];
  readonly #plan: StepPlan;
  readonly #seed: number | string;
  readonly #session: Session;
  /** What never changes: frozen parameters, and those that the loss does not depend on. */
  readonly #fixed: Map<string, Tensor>;
  readonly #moving: DoubleBuffer;
  readonly #masks: ReadonlyMap<string, Tensor<'float32'>>;
  #steps = 0;
  #passes = 0;

  constructor(plan: StepPlan, start: TensorMap, seed: number | string, session: Session) {
    this.specs = plan.network.specs;
    this.#plan = plan;
    this.#seed = seed;
    this.#session = session;
    const moves = ([name]: [string, Tensor]): boolean => plan.next.has(name);
    this.#fixed = new Map([...start].filter((entry) => !moves(entry)).map(([name, values]) => [name, copyOf(values)]));
    this.#moving = new DoubleBuffer(new Map([...[...start].filter(moves), ...plan.slots]));
    this.#masks = new Map(
      [...plan.network.noises.values()].map(({ value }) => [
        value.name,
        tensor('float32', value.shape as readonly number[]),
      ]),
    );
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
    const { accumulates } = this.#plan;
    if (!accumulates && (!update || share !== 1)) {
      throw new EngineError('INVALID_ARGUMENT', 'a step of several passes is compiled with accumulate');
    }
    this.#drawMasks();
    const { current, next } = this.#moving;
    const results = await this.#session.run(
      {
        ...feeds,
        ...Object.fromEntries(this.#fixed),
        ...Object.fromEntries(current),
        ...Object.fromEntries(this.#masks),
        [LEARNING_RATE]: tensor('float32', [], Float32Array.of(learningRate)),
        [STEP]: tensor('float64', [], Float64Array.of(this.#steps + 1)),
        ...(accumulates && {
          [UPDATE]: tensor('bool', [], Uint8Array.of(Number(update))),
          [SHARE]: tensor('float32', [], Float32Array.of(share)),
        }),
      },
      Object.fromEntries([...this.#plan.next].map(([name, output]) => [output, next.get(name)!])),
    );
    this.#moving.swap();
    this.#steps += Number(update);
    this.#passes += 1;
    const outputs = Object.entries(this.#plan.outputs).map(([name, value]) => [name, results[value.name]!] as const);
    return { loss: Number(results[this.#plan.loss.name]!.data[0]), outputs: Object.fromEntries(outputs) };
  }

  /** Current parameters and running statistics. They are the step's own: the next run writes over them. */
  parameters(): TensorMap {
    return new Map(this.specs.map(({ name }) => [name, this.#fixed.get(name) ?? this.#moving.current.get(name)!]));
  }

  /** As {@link parameters}, each that moves as its moving average where averages are kept. */
  averagedParameters(): TensorMap {
    const { current } = this.#moving;
    return new Map([...this.parameters()].map(([name, values]) => [name, current.get(averageOf(name)) ?? values]));
  }

  /** A copy of everything a bit-equal continuation needs: parameters, statistics, slots, counters; also in mid-batch. */
  state(): TensorMap {
    const slots = [...this.#plan.slots.keys()].map((name) => [name, this.#moving.current.get(name)!] as const);
    const tensors = [...this.parameters(), ...slots].map(([name, values]) => [name, copyOf(values)] as const);
    const numbers = new Map<string, Tensor>([...tensors, [STEP, counter(this.#steps)]]);
    return this.#plan.accumulates ? numbers.set(PASSES, counter(this.#passes)) : numbers;
  }

  /** Takes up a state. @throws EngineError INVALID_ARGUMENT when it is not one of this network and optimizer */
  load(state: TensorMap): void {
    const steps = expectTensor(state, STEP, 'int64', []);
    const passes = this.#plan.accumulates ? expectTensor(state, PASSES, 'int64', []) : steps;
    const counters = this.#plan.accumulates ? [STEP, PASSES] : [STEP];
    const unknown = [...state.keys()].filter(
      (name) => !counters.includes(name) && !this.#fixed.has(name) && !this.#moving.has(name),
    );
    if (unknown.length > 0) {
      throw new EngineError('INVALID_ARGUMENT', `the step has no place for ${unknown.join(', ')}`);
    }
    for (const [name, { type, shape }] of this.#fixed) expectTensor(state, name, type, shape);
    this.#moving.load(state);
    for (const name of this.#fixed.keys()) this.#fixed.set(name, copyOf(state.get(name)!));
    this.#steps = Number(steps.data[0]);
    this.#passes = Number(passes.data[0]);
  }

  /** Gives the memory of the model back; the step cannot run afterwards. */
  async release(): Promise<void> {
    await this.#session.release();
  }

  #drawMasks(): void {
    for (const [name, { draw }] of this.#plan.network.noises) fill(this.#masks.get(name)!, draw, this.#streamOf(name));
  }

  #streamOf(mask: string): Random {
    return Random.of(this.#seed, 'dropout', mask, this.#passes);
  }
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
