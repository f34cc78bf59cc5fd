/** @file Tells those who follow a piece of work that something has changed. */
import { EventEmitter, once } from 'node:events';

/** Milliseconds after which somebody looks again: what other processes do is not announced here. */
const LOOK = 1000;

export class Changes {
  readonly #events = new EventEmitter().setMaxListeners(0);
  readonly #closing = new AbortController();

  announce(): void {
    this.#events.emit('changed');
  }

  /** When something may have changed. */
  async changed(signal: AbortSignal): Promise<void> {
    const either = AbortSignal.any([signal, this.#closing.signal, AbortSignal.timeout(LOOK)]);
    await once(this.#events, 'changed', { signal: either }).catch(() => undefined);
  }

  /** Aborted when {@link close} is called. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  /** Nobody waits any more. */
  close(): void {
    this.#closing.abort();
  }
}
