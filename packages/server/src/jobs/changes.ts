/** @file Tells those who follow a piece of work that something has changed. */
import { EventEmitter } from 'node:events';

/** Milliseconds after which somebody looks again: what other processes do is not announced here. */
const LOOK = 1000;

export class Changes {
  readonly #events = new EventEmitter().setMaxListeners(0);
  readonly #closing = new AbortController();

  announce(): void {
    this.#events.emit('changed');
  }

  /** When something may have changed. */
  changed(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      // No AbortSignal.any() with that of closing, which would keep some 70 bytes of every call until then (Node.js 20).
      const done = (): void => {
        clearTimeout(timer);
        this.#events.off('changed', done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, LOOK).unref();
      this.#events.once('changed', done);
      signal.addEventListener('abort', done);
      if (signal.aborted || this.#closing.signal.aborted) done();
    });
  }

  /** Aborted when {@link close} is called. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  /** Nobody waits any more. */
  close(): void {
    this.#closing.abort();
    this.announce();
  }
}
