/** @file A supply that many share: whoever asks for more than is left waits, first come, first served. */

export class Budget {
  readonly #total: number;
  #left: number;
  readonly #waiting: { readonly amount: number; readonly admit: () => void }[] = [];

  constructor(total: number) {
    this.#total = total;
    this.#left = total;
  }

  /** Runs some work with a share that it may ask for when it knows how much it needs, and that is given back after it. */
  async share<T>(work: (take: (amount: number) => Promise<void>) => Promise<T>): Promise<T> {
    let taken = 0;
    try {
      return await work(async (amount) => {
        // Who asks for more than there is gets all of it, alone.
        const granted = Math.min(amount, this.#total);
        await this.#take(granted);
        taken += granted;
      });
    } finally {
      this.#left += taken;
      this.#admitWaiting();
    }
  }

  #take(amount: number): Promise<void> {
    return new Promise((admit) => {
      this.#waiting.push({ amount, admit });
      this.#admitWaiting();
    });
  }

  #admitWaiting(): void {
    for (let next = this.#waiting[0]; next !== undefined && next.amount <= this.#left; next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#left -= next.amount;
      next.admit();
    }
  }
}
