import { bytesOf, expectTensor, sizeOf, tensor, type Tensor, type TensorMap } from '../graph/tensor.ts';
import { applyOptimizer, divide, type Divided } from '../optim/apply.ts';
import { Kernels } from '../optim/kernels.ts';
import { averageOf, keptShare } from './averaging.ts';
import type { FollowedStatistic, StepPlan } from './plan.ts';
import { accumulatorOf, gradientOf, newestOf, shapesOf, slotOf, type MovingOptions } from './vectors.ts';

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
  readonly running: Tensor<'float32'>;
  readonly newest: Tensor<'float32'>;
}

/** A gradient and the sum of those of a batch in several passes. */
interface Sum {
  readonly total: Float32Array;
  readonly gradient: Float32Array;
}

/** A number that moves, and its moving average. */
interface Average {
  readonly average: Float32Array;
  readonly newest: Float32Array;
}

/**
 * All numbers that a training step moves, each in one place for good: parameters, their gradients, what the optimizer
 * keeps for them, running statistics, averages, and the sums of gradients of a batch in several passes.
 */
export class MovingNumbers {
  /** Parameters and running statistics, by graph input. */
  readonly feeds: TensorMap;
  /** Where a pass writes gradients and statistics of the batch, by graph output. */
  readonly fetches: TensorMap;
  readonly #options: MovingOptions;
  readonly #kernels: Kernels;
  /** The optimizer reads the sums of gradients where they are added up, otherwise those of the pass. */
  readonly #divided: Divided;
  readonly #sums: readonly Sum[];
  readonly #averages: readonly Average[];
  readonly #statistics: readonly Statistic[];
  /** By name in a state. */
  readonly #kept = new Map<string, Tensor<'float32'>>();

  /** @throws EngineError INVALID_ARGUMENT when they need more memory than can be addressed */
  constructor(plan: StepPlan, start: TensorMap, options: MovingOptions) {
    this.#options = options;
    const shapes = [...shapesOf(plan, start, options)];
    const { kernels, vectors } = Kernels.allocate(shapes.map(([, shape]) => sizeOf(shape)));
    this.#kernels = kernels;
    const made = new Map(shapes.map(([name, shape], index) => [name, tensor('float32', shape, vectors[index])]));
    const of = (name: string): Tensor<'float32'> => made.get(name)!;
    this.#statistics = [...plan.statistics].map(([name, followed]) => {
      return { ...followed, running: of(name), newest: of(newestOf(name)) };
    });
    const names = plan.trained.map(({ name }) => name);
    const moving = [...names, ...plan.statistics.keys()];
    this.feeds = new Map(moving.map((name) => [name, of(name)]));
    this.fetches = new Map([
      ...plan.trained.map(({ name, gradient }) => [gradient, of(gradientOf(name))] as const),
      ...this.#statistics.map(({ output, newest }) => [output, newest] as const),
    ]);
    const accumulates = options.accumulate === true;
    this.#sums = accumulates
      ? names.map((name) => ({ total: of(accumulatorOf(name)).data, gradient: of(gradientOf(name)).data }))
      : [];
    this.#averages =
      options.averaging === undefined
        ? []
        : moving.map((name) => ({ average: of(averageOf(name)).data, newest: of(name).data }));
    this.#divided = divide(
      plan.trained.map(({ name, decay }) => ({
        name,
        decay,
        parameter: of(name).data,
        gradient: of(accumulates ? accumulatorOf(name) : gradientOf(name)).data,
        slots: options.optimizer.map(({ slots }, position) =>
          Object.fromEntries(slots.map((slot) => [slot, of(slotOf(position, slot, name)).data])),
        ),
      })),
    );
    const scratch = new Set([...names.map(gradientOf), ...[...plan.statistics.keys()].map(newestOf)]);
    for (const [name, values] of made) if (!scratch.has(name)) this.#kept.set(name, values);
    for (const [name, values] of made) if (start.has(name)) bytesOf(values).set(bytesOf(start.get(name)!));
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
    for (const { total, gradient } of this.#sums) this.#kernels.add(total, gradient, share);
    if (!update) return;
    applyOptimizer(this.#kernels, this.#options.optimizer, this.#divided, { learningRate, step });
    for (const { total } of this.#sums) total.fill(0);
    this.#average(step);
  }

  /** Overwrites the numbers. @throws EngineError INVALID_ARGUMENT naming tensors that are missing or differ */
  load(state: TensorMap): void {
    for (const [name, { type, shape }] of this.kept) expectTensor(state, name, type, shape);
    for (const [name, target] of this.kept) bytesOf(target).set(bytesOf(state.get(name)!));
  }

  #average(step: number): void {
    const { averaging } = this.#options;
    if (averaging === undefined) return;
    const share = keptShare(averaging, step);
    for (const { average, newest } of this.#averages) this.#kernels.average(average, newest, share, 1 - share);
  }
}
