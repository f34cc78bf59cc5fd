/** Work that must not overlap, one piece after the other in the order in which it was asked for. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** When all before has ended, be it with a failure. */
  take<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }

  /** When what was asked for so far has ended. */
  async ended(): Promise<void> {
    await this.#last;
  }
}
