/** @file How long a photo that came now would wait: what is under way, and how fast photos have been answered lately. */

/** What is assumed before anything has been measured, in milliseconds a photo. */
const UNKNOWN = 20;
/** Milliseconds after which a measurement counts half. */
const HALF_LIFE = 5000;

/** Photos that requests have brought in and that are not answered yet. */
export class Pace {
  readonly #now: () => number;
  /** Photos that are under way, and since when there are any or when that was last added up. */
  #photos = 0;
  #since = 0;
  /** Photos answered, and milliseconds in which there was something to answer; those long ago count less. */
  #answered = 0;
  #busy = 0;

  /** @param now in milliseconds, of a clock that is never set */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  get photos(): number {
    return this.#photos;
  }

  /** Milliseconds that photos take one after the other, many at a time. */
  get milliseconds(): number {
    return this.#answered < 1 ? UNKNOWN : this.#busy / this.#answered;
  }

  /** Milliseconds until what is under way is answered. */
  get wait(): number {
    return this.#photos * this.milliseconds;
  }

  enter(photos: number): void {
    this.#add(0);
    this.#photos += photos;
  }

  /** @param answered whether they have been worked on, and not sent away or broken off */
  leave(photos: number, answered: boolean): void {
    this.#add(answered ? photos : 0);
    this.#photos -= photos;
  }

  #add(answered: number): void {
    const now = this.#now();
    const passed = now - this.#since;
    // A time without photos tells nothing of the pace.
    if (this.#photos > 0) {
      const kept = 0.5 ** (passed / HALF_LIFE);
      // What lies long ago in it counts less already: a process that was stopped for a minute is soon as it was.
      const weight = passed === 0 ? 1 : ((1 - kept) * HALF_LIFE) / Math.LN2 / passed;
      this.#busy = this.#busy * kept + passed * weight;
      this.#answered = this.#answered * kept + answered * weight;
    }
    this.#since = now;
  }
}
