/** @file What a request's photos are: looked up, or prepared and asked about, as many at a time as memory is meant for. */
import { Budget, type Answer, type Photo, type UnreadablePhoto } from '@busana/vision';
import { traced } from '../tracing/spans.ts';
import { AnswerCache } from './answer-cache.ts';
import type { Predictor } from './predictor.ts';

/** Photos that are prepared or wait for the model: prepared they take 150 kB each. */
const PREPARED = 128;
/** Answers that are remembered: about 30 MB. */
const REMEMBERED = 4096;

/** A photo, and the SHA-256 of its file in hexadecimal. */
export interface HashedPhoto extends Photo {
  readonly hash: string;
}

export class PhotoAnswers {
  readonly #predictor: Predictor;
  readonly #prepared = new Budget(PREPARED);
  readonly #cache = new AnswerCache(REMEMBERED);
  readonly #onRemembered: () => void;

  /** @param onRemembered called for each answer that was known */
  constructor(predictor: Predictor, onRemembered: () => void = () => undefined) {
    this.#predictor = predictor;
    this.#onRemembered = onRemembered;
  }

  /** @throws BusanaError OVERLOADED */
  async ask(photo: HashedPhoto): Promise<Answer | UnreadablePhoto> {
    const known = this.#cache.get(this.#predictor.hash, photo.hash);
    if (known !== undefined) {
      this.#onRemembered();
      return known;
    }
    return this.#prepared.share(async (take) => {
      await traced('wait for room', {}, () => take(1));
      const prepared = await this.#predictor.prepare(photo);
      if ('reason' in prepared) return prepared;
      const answer = await this.#predictor.ask(prepared);
      this.#cache.set(this.#predictor.hash, photo.hash, answer, this.#predictor.modelOf(answer).hash);
      return answer;
    });
  }

  /** All of one model; see {@link Predictor.agree}. @throws BusanaError OVERLOADED */
  async askAll(photos: readonly HashedPhoto[]): Promise<(Answer | UnreadablePhoto)[]> {
    const answers = await Promise.all(photos.map((photo) => this.ask(photo)));
    return this.#predictor.agree(answers, (at) => this.ask(photos[at]!));
  }
}
