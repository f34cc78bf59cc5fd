/** @file Time in which the work goes on: on a machine that stops everything now and then, what stands still does not count. */

/** Milliseconds between two looks after which everything has stood still in between, and was not only slow. */
const STILL = 15_000;

/** Milliseconds after that in which connections are found to have been given up meanwhile. */
const AWAKENING = 10_000;

export class Stopwatch {
  readonly #now: () => number;
  #looked: number;
  #begin: number;
  #still = 0;
  #awoke = -Infinity;

  /** @param now milliseconds, of a clock that is never set */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#begin = this.#looked = now();
  }

  /** Somebody has to look every few seconds. */
  look(): void {
    const now = this.#now();
    if (now - this.#looked > STILL) {
      this.#still += now - this.#looked;
      this.#awoke = now;
    }
    this.#looked = now;
  }

  /** Milliseconds of work since the last {@link restart}. */
  get passed(): number {
    this.look();
    return this.#looked - this.#begin - this.#still;
  }

  /** Milliseconds that have not counted. */
  get still(): number {
    return this.#still;
  }

  /** Whether everything has stood still until just now. */
  get awakening(): boolean {
    this.look();
    return this.#looked - this.#awoke < AWAKENING;
  }

  restart(): void {
    this.#begin = this.#looked = this.#now();
    this.#still = 0;
  }
}
