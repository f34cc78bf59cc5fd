import type { InputBatch } from './inputs.ts';

interface Begun {
  readonly epoch: number;
  readonly iterator: AsyncIterator<InputBatch>;
  readonly first: Promise<IteratorResult<InputBatch>>;
}

/**
 * The batches of epochs, each begun ahead: workers draw the first ones while networks are compiled, or while the engine
 * is asked about held-back photos, and the first training step need not wait for them.
 */
export class EpochBatches {
  readonly #start: (epoch: number) => AsyncIterable<InputBatch>;
  #ahead: Begun | undefined;

  /** @param start the batches of an epoch, which are made from when the first is asked for */
  constructor(start: (epoch: number) => AsyncIterable<InputBatch>) {
    this.#start = start;
  }

  /** Begins an epoch. At most one is ahead, and {@link of} or {@link release} must follow. */
  begin(epoch: number): void {
    const iterator = this.#start(epoch)[Symbol.asyncIterator]();
    const first = iterator.next();
    // A failure is raised where the batch is awaited; until then it must not count as unhandled.
    first.catch(() => undefined);
    this.#ahead = { epoch, iterator, first };
  }

  /** All batches of an epoch, whether it was begun or not. */
  async *of(epoch: number): AsyncGenerator<InputBatch> {
    if (this.#ahead?.epoch !== epoch) {
      await this.release();
      this.begin(epoch);
    }
    const { iterator, first } = this.#ahead!;
    this.#ahead = undefined;
    try {
      for (let next = await first; next.done !== true; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.();
    }
  }

  /** Gives up what was begun and not used: an epoch that does not come. */
  async release(): Promise<void> {
    const begun = this.#ahead;
    this.#ahead = undefined;
    await begun?.iterator.return?.();
  }
}
