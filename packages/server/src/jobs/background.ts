/** @file Work that goes on behind requests: woken when there is some, ended in good order. */
import { EventEmitter, once } from 'node:events';
import { setTimeout } from 'node:timers/promises';

/** Milliseconds until what has failed is tried again, e.g. a database that does not answer. */
const PATIENCE = 2000;

export class Background {
  readonly #step: () => Promise<boolean>;
  readonly #onFailure: (error: unknown) => void;
  readonly #events = new EventEmitter().setMaxListeners(0);
  readonly #closing = new AbortController();
  #end: Promise<void> | undefined;
  /** How often somebody has said that there is something to do. */
  #calls = 0;

  /**
   * @param step does a piece of work, if there is any, and says whether there was
   * @param onFailure told of what should not fail; the step is tried again later
   */
  constructor(step: () => Promise<boolean>, onFailure: (error: unknown) => void) {
    this.#step = step;
    this.#onFailure = onFailure;
  }

  /** Goes on where a process that ended has left off. */
  start(): void {
    this.#end ??= this.#loop();
  }

  /** There is something new to do, or to leave. */
  wake(): void {
    this.#calls += 1;
    this.#events.emit('wake');
  }

  /** Aborted when {@link close} is called. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  /** When the step at hand has ended. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.wake();
    await this.#end;
  }

  async #loop(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      const calls = this.#calls;
      try {
        if (!(await this.#step()) && calls === this.#calls) await once(this.#events, 'wake');
      } catch (error) {
        this.#onFailure(error);
        await setTimeout(PATIENCE, undefined, { signal }).catch(() => undefined);
      }
    }
  }
}
