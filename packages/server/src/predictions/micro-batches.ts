/** @file Questions that come one at a time are answered many at a time. */
import { BusanaError } from '@busana/contracts';

export interface BatchRules {
  /** Questions that are answered at once, at most. */
  readonly largest: number;
  /** Milliseconds that a question waits for others, at most, while nothing else is being answered. */
  readonly wait: number;
  /** Questions that may wait; more are refused. */
  readonly capacity: number;
}

interface Waiting<Question, Answer> {
  readonly question: Question;
  readonly since: number;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A batch closes when it is full, or when its first question has waited long enough. One batch is answered at a time:
 * those that come meanwhile make the next.
 */
export class MicroBatches<Question, Answer> {
  readonly #answer: (batch: readonly Question[]) => Promise<readonly Answer[]>;
  readonly #rules: BatchRules;
  readonly #waiting: Waiting<Question, Answer>[] = [];
  #busy = false;
  #timer: NodeJS.Timeout | undefined;

  /** @param answer gives one answer per question, in their order */
  constructor(answer: (batch: readonly Question[]) => Promise<readonly Answer[]>, rules: BatchRules) {
    this.#answer = answer;
    this.#rules = rules;
  }

  /** Questions that no batch has taken yet. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** @throws BusanaError OVERLOADED; whatever the batch fails of */
  async ask(question: Question): Promise<Answer> {
    const { capacity } = this.#rules;
    if (this.#waiting.length >= capacity) {
      throw new BusanaError('OVERLOADED', `${capacity} photos are waiting for the model already`);
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ question, since: performance.now(), resolve, reject });
      this.#schedule();
    });
  }

  #schedule(): void {
    const [first] = this.#waiting;
    if (this.#busy || first === undefined) return;
    clearTimeout(this.#timer);
    const left = first.since + this.#rules.wait - performance.now();
    if (this.#waiting.length >= this.#rules.largest || left <= 0) void this.#run();
    else this.#timer = setTimeout(() => void this.#run(), left);
  }

  async #run(): Promise<void> {
    this.#busy = true;
    const batch = this.#waiting.splice(0, this.#rules.largest);
    try {
      const answers = await this.#answer(batch.map(({ question }) => question));
      batch.forEach(({ resolve }, index) => resolve(answers[index]!));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    } finally {
      this.#busy = false;
      this.#schedule();
    }
  }
}
