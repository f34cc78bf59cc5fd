/** @file Answers to photos that were asked about lately, by the content of the photo; of one model at a time. */
import type { Answer } from '@busana/vision';

/** The least recently used go first. */
export class AnswerCache {
  readonly #capacity: number;
  readonly #answers = new Map<string, Answer>();
  #model = '';

  /** @param capacity answers, some 7 kB each with an embedding of 1280 numbers */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#answers.size;
  }

  /** @param model hash of the one that answers now; what another has answered is forgotten */
  get(model: string, photo: string): Answer | undefined {
    this.#follow(model);
    const answer = this.#answers.get(photo);
    if (answer === undefined) return undefined;
    this.#answers.delete(photo);
    this.#answers.set(photo, answer);
    return answer;
  }

  /** @param model hash of the one that answers now @param by hash of the one that has given the answer */
  set(model: string, photo: string, answer: Answer, by: string): void {
    this.#follow(model);
    if (by !== model) return;
    this.#answers.set(photo, answer);
    if (this.#answers.size <= this.#capacity) return;
    const [oldest] = this.#answers.keys();
    this.#answers.delete(oldest!);
  }

  #follow(model: string): void {
    if (model === this.#model) return;
    this.#model = model;
    this.#answers.clear();
  }
}
