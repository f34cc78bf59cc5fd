import { EngineError } from '../errors.ts';
import { bytesOf, expectTensor, sizeOf, tensor, type Tensor, type TensorMap } from '../graph/tensor.ts';
import { applyOptimizer, type Trained } from '../optim/apply.ts';
import { Kernels } from '../optim/kernels.ts';
import type { Optimizer } from '../optim/transform.ts';
import { averageOf, keptShare } from './averaging.ts';
import type { FollowedStatistic, StepPlan } from './plan.ts';

export interface MovingOptions {
  readonly optimizer: Optimizer;
  readonly averaging?: number;
  readonly accumulate?: boolean;
}

/** What becomes of the gradients of a pass. */
export interface PassNumbers {
  readonly learningRate: number;
  /** Of the update, 1 at the first. */
  readonly step: number;
  readonly update: boolean;
  readonly share: number;
}

/** A running statistic, and what a pass finds for it. */
interface Statistic extends FollowedStatistic {
  readonly name: string;
  readonly running: Tensor<'float32'>;
  readonly newest: Tensor<'float32'>;
}

/**
 * All numbers that a training step moves, each in one place for good: parameters, their gradients, what the optimizer
 * keeps for them, running statistics, averages, and the sums of gradients of a batch in several passes.
 */
export class MovingNumbers {
  readonly #plan: StepPlan;
  readonly #options: MovingOptions;
  readonly #kernels: Kernels;
  readonly #trained: readonly Trained[];
  readonly #statistics: readonly Statistic[];
  /** By name in a state. */
  readonly #kept = new Map<string, Tensor<'float32'>>();
  readonly #gradients = new Map<string, Tensor<'float32'>>();

  /** @throws EngineError INVALID_ARGUMENT when they need more memory than can be addressed */
  constructor(plan: StepPlan, start: TensorMap, options: MovingOptions) {
    this.#plan = plan;
    this.#options = options;
    const shapes = [...shapesOf(plan, start, options)];
    const { kernels, vectors } = Kernels.allocate(shapes.map(([, shape]) => sizeOf(shape)));
    this.#kernels = kernels;
    const made = new Map(shapes.map(([name, shape], index) => [name, tensor('float32', shape, vectors[index])]));
    const of = (name: string): Tensor<'float32'> => made.get(name)!;
    this.#trained = plan.trained.map(({ name, decay, gradient }) => {
      this.#gradients.set(gradient, of(gradientOf(name)));
      const slots = options.optimizer.map((transform, position) =>
        Object.fromEntries(transform.slots.map((slot) => [slot, of(slotOf(position, slot, name)).data])),
      );
      return { name, decay, parameter: of(name).data, gradient: of(gradientOf(name)).data, slots };
    });
    this.#statistics = [...plan.statistics].map(([name, followed]) => {
      return { ...followed, name, running: of(name), newest: of(newestOf(name)) };
    });
    const scratch = new Set([
      ...plan.trained.map(({ name }) => gradientOf(name)),
      ...[...plan.statistics.keys()].map(newestOf),
    ]);
    for (const [name, values] of made) if (!scratch.has(name)) this.#kept.set(name, values);
    for (const [name, values] of made) if (start.has(name)) bytesOf(values).set(bytesOf(start.get(name)!));
  }

  /** Parameters and running statistics, by graph input. */
  get feeds(): Map<string, Tensor> {
    const trained = this.#plan.trained.map(({ name }) => [name, this.#kept.get(name)!] as const);
    return new Map([...trained, ...this.#statistics.map(({ name, running }) => [name, running] as const)]);
  }

  /** Where a pass writes gradients and statistics of the batch, by graph output. */
  get fetches(): Map<string, Tensor> {
    return new Map([...this.#gradients, ...this.#statistics.map(({ output, newest }) => [output, newest] as const)]);
  }

  /** Everything that a continuation needs, by name; not copied. */
  get kept(): TensorMap {
    return this.#kept;
  }

  /** After a pass: running statistics move, gradients are added up, and where the batch ends the parameters move. */
  finish({ learningRate, step, update, share }: PassNumbers): void {
    for (const { running, newest, kept, fresh } of this.#statistics) {
      this.#kernels.average(running.data, newest.data, kept, fresh);
    }
    const trained = this.#options.accumulate === true ? this.#accumulate(share) : this.#trained;
    if (!update) return;
    applyOptimizer(this.#kernels, this.#options.optimizer, trained, { learningRate, step });
    if (this.#options.accumulate === true) for (const { gradient } of trained) gradient.fill(0);
    this.#average(step);
  }

  /** Overwrites the numbers. @throws EngineError INVALID_ARGUMENT naming tensors that are missing or differ */
  load(state: TensorMap): void {
    for (const [name, { type, shape }] of this.kept) expectTensor(state, name, type, shape);
    for (const [name, target] of this.kept) bytesOf(target).set(bytesOf(state.get(name)!));
  }

  /** total = total + share gradient; the totals take the place of the gradients. */
  #accumulate(share: number): readonly Trained[] {
    return this.#trained.map((each) => {
      const total = this.#kept.get(accumulatorOf(each.name))!.data;
      this.#kernels.add(total, each.gradient, share);
      return { ...each, gradient: total };
    });
  }

  #average(step: number): void {
    const { averaging } = this.#options;
    if (averaging === undefined) return;
    const share = keptShare(averaging, step);
    for (const [name, { data }] of this.feeds) {
      if (!(data instanceof Float32Array)) throw new EngineError('RUNTIME', `'${name}' is not float32`);
      this.#kernels.average(this.#kept.get(averageOf(name))!.data, data, share, 1 - share);
    }
  }
}

function slotOf(position: number, slot: string, parameter: string): string {
  return `optimizer.${position}.${slot}.${parameter}`;
}

// What no state holds has a name that no parameter has.
function gradientOf(parameter: string): string {
  return `gradient of ${parameter}`;
}

function newestOf(statistic: string): string {
  return `newest ${statistic}`;
}

function accumulatorOf(parameter: string): string {
  return `accumulator.${parameter}`;
}

/** Shapes of all vectors, in the order in which they lie in memory: those of one parameter side by side. */
function* shapesOf(
  { trained, statistics }: StepPlan,
  start: TensorMap,
  { optimizer, averaging, accumulate = false }: MovingOptions,
): Iterable<[name: string, shape: readonly number[]]> {
  for (const { name, shape } of trained) {
    yield [name, shape];
    yield [gradientOf(name), shape];
    for (const [position, { slots }] of optimizer.entries()) {
      for (const slot of slots) yield [slotOf(position, slot, name), shape];
    }
    if (averaging !== undefined) yield [averageOf(name), shape];
    if (accumulate) yield [accumulatorOf(name), shape];
  }
  for (const name of statistics.keys()) {
    const { shape } = start.get(name)!;
    yield [name, shape];
    yield [newestOf(name), shape];
    if (averaging !== undefined) yield [averageOf(name), shape];
  }
}
