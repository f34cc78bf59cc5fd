/** @file The model that answers: whoever comes with one photo or with thousands, it is asked one batch at a time. */
import type { Taxonomy } from '@busana/contracts';
import {
  batchAnswerer,
  batchSize,
  loadModel,
  photoPreparer,
  prepareBatches,
  type Answer,
  type Model,
  type Photo,
  type Prepared,
  type PreparedPhoto,
} from '@busana/vision';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { MicroBatches } from './micro-batches.ts';

export interface PredictorOptions {
  /** Threads of the engine; 0 (default): every core. */
  readonly threads?: number;
  /** Called after each batch, with its photos and what they took, in milliseconds. */
  readonly onBatch?: (photos: number, milliseconds: number) => void;
}

/** Milliseconds that a photo waits for others to be answered with. */
const WAIT = 4;
/** Photos that may wait for the model: prepared they take 150 kB each. */
const CAPACITY = 256;

export class Predictor {
  readonly #model: Model;
  /** SHA-256 of the model file, in hexadecimal. */
  readonly hash: string;
  /** Reads and decodes a photo for the model. */
  readonly prepare: (photo: Photo) => Promise<Prepared>;
  readonly #single: MicroBatches<PreparedPhoto, Answer>;
  readonly #answer: (batch: readonly Prepared[]) => Promise<Answer[]>;
  readonly #onBatch: NonNullable<PredictorOptions['onBatch']>;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(model: Model, hash: string, { onBatch = () => undefined }: PredictorOptions) {
    this.#model = model;
    this.hash = hash;
    this.prepare = photoPreparer(model.sizes);
    this.#answer = batchAnswerer(model);
    this.#onBatch = onBatch;
    const rules = { largest: batchSize(model.sizes), wait: WAIT, capacity: CAPACITY };
    this.#single = new MicroBatches((batch) => this.answer(batch), rules);
  }

  /** @param path a model file or a run folder @throws BusanaError MODEL_NOT_FOUND, MODEL_INVALID */
  static async load(path: string, options: PredictorOptions = {}): Promise<Predictor> {
    const model = await loadModel(path, { threads: options.threads ?? 0 });
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(model.file)) hash.update(chunk as Buffer);
    return new Predictor(model, hash.digest('hex'), options);
  }

  get name(): string {
    return this.#model.metadata['busana.provenance'].name;
  }

  get taxonomy(): Taxonomy {
    return this.#model.metadata['busana.schema'];
  }

  /** Photos that wait to be asked about one by one. */
  get waiting(): number {
    return this.#single.waiting;
  }

  /** Asks about one photo, together with others that come at the same time. @throws BusanaError OVERLOADED */
  ask(photo: PreparedPhoto): Promise<Answer> {
    return this.#single.ask(photo);
  }

  /** Asks about a whole batch, in its turn. */
  answer(batch: readonly Prepared[]): Promise<Answer[]> {
    const answered = this.#last.then(async () => {
      const begin = performance.now();
      const answers = await this.#answer(batch);
      this.#onBatch(batch.length, performance.now() - begin);
      return answers;
    });
    this.#last = answered.catch(() => undefined);
    return answered;
  }

  /** Photos one after the other as batches that {@link answer} takes, read and decoded ahead. */
  prepareBatches(photos: AsyncIterable<Photo>): AsyncIterable<Prepared[]> {
    return prepareBatches(photos, this.#model.sizes);
  }

  /** When what is being answered has been answered. */
  async close(): Promise<void> {
    await this.#last;
    await this.#model.release();
  }
}
