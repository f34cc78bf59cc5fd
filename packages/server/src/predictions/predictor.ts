/** @file The model that answers: whoever comes with one photo or with thousands, it is asked one batch at a time. */
import { BusanaError, type Taxonomy } from '@busana/contracts';
import {
  answerBatch,
  batchSize,
  openModelThread,
  photoPreparer,
  prepareBatches,
  type Answer,
  type ModelThread,
  type Photo,
  type Prepared,
  type PreparedPhoto,
} from '@busana/vision';
import { Turns } from '../jobs/turns.ts';
import { hashOfFile } from '../models/files.ts';
import { Stages, traced } from '../tracing/spans.ts';
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

/** A model that is loaded. */
interface Loaded {
  readonly model: ModelThread;
  readonly identity: ModelIdentity;
  readonly prepare: (photo: Photo) => Promise<Prepared>;
}

/** A photo that is asked about by itself. */
interface Question {
  readonly photo: PreparedPhoto;
  readonly stages: Stages;
}

/** Which model it is. */
export interface ModelIdentity {
  readonly name: string;
  /** SHA-256 of the model file, in hexadecimal. */
  readonly hash: string;
}

/** One model at a time, which another one can follow between two batches. */
export class Predictor {
  readonly #options: PredictorOptions;
  readonly #single: MicroBatches<Question, Answer>;
  /** For which sizes a photo was prepared, and which model has given an answer. */
  readonly #preparedBy = new WeakMap<Prepared, Loaded>();
  readonly #answeredBy = new WeakMap<Answer, ModelIdentity>();
  #current: Loaded;
  readonly #turns = new Turns();

  private constructor(loaded: Loaded, options: PredictorOptions) {
    this.#options = options;
    this.#current = loaded;
    const sizes = () => this.#current.model.sizes;
    const rules = { wait: WAIT, capacity: CAPACITY, get largest() { return batchSize(sizes()); } }; // prettier-ignore
    this.#single = new MicroBatches((batch) => this.#answerSingle(batch), rules);
  }

  /** @param path a model file or a run folder @throws BusanaError MODEL_NOT_FOUND, MODEL_INVALID */
  static async load(path: string, options: PredictorOptions = {}): Promise<Predictor> {
    return new Predictor(await loadOne(path, options), options);
  }

  get name(): string {
    return this.#current.identity.name;
  }

  /** SHA-256 of the model file, in hexadecimal. */
  get hash(): string {
    return this.#current.identity.hash;
  }

  get taxonomy(): Taxonomy {
    return this.#current.model.metadata['busana.schema'];
  }

  /** Side of the square pictures that it takes, in pixels. */
  get size(): number {
    return Math.max(...this.#current.model.sizes);
  }

  /** Numbers per embedding; 0 of a model that gives none. */
  get width(): number {
    return this.#current.model.metadata['busana.golden'].outputs['embedding']?.length ?? 0;
  }

  /** Photos that wait to be asked about one by one. */
  get waiting(): number {
    return this.#single.waiting;
  }

  /** The model that an answer is of. */
  modelOf(answer: Answer): ModelIdentity {
    return this.#answeredBy.get(answer) ?? this.#current.identity;
  }

  /** Reads and decodes a photo for the model. */
  async prepare(photo: Photo): Promise<Prepared> {
    const loaded = this.#current;
    const prepared = await traced('decode', {}, () => loaded.prepare(photo));
    this.#preparedBy.set(prepared, loaded);
    return prepared;
  }

  /** Asks about one photo, together with others that come at the same time. @throws BusanaError OVERLOADED */
  async ask(photo: PreparedPhoto): Promise<Answer> {
    const stages = new Stages();
    stages.begin('wait');
    try {
      const answer = await this.#single.ask({ photo, stages });
      stages.end();
      return answer;
    } catch (error) {
      stages.end(error);
      throw error;
    }
  }

  /** A photo that came as the model takes it. @param pixels uint8 `[size, size, 3]` */
  fromPixels(name: string, pixels: Uint8Array): PreparedPhoto {
    const prepared = {
      photo: { id: '', name, location: { kind: 'bytes', bytes: pixels } },
      pictures: [pixels],
    } as const;
    this.#preparedBy.set(prepared, this.#current);
    return prepared;
  }

  /**
   * Answers that are all of one model: where another has followed meanwhile, it is asked again about those that the one
   * before has answered. What is no answer stays as it is.
   * @param again asks once more about the photo at a position
   */
  async agree<T extends object>(answers: readonly (Answer | T)[], again: (at: number) => Promise<Answer | T>) {
    const agreed = [...answers];
    for (;;) {
      const models = agreed.map((answer) => ('prediction' in answer ? this.modelOf(answer).hash : undefined));
      if (new Set(models.filter((hash) => hash !== undefined)).size <= 1) return agreed;
      const old = [...agreed.keys()].filter((at) => models[at] !== undefined && models[at] !== this.hash);
      await Promise.all(old.map(async (at) => (agreed[at] = await again(at))));
    }
  }

  /** Asks about a whole batch, in its turn: of one model, whatever it was prepared for. */
  answer(batch: readonly Prepared[]): Promise<Answer[]> {
    return this.#turns.take(() => traced('infer', { photos: batch.length }, () => this.#answerNow(batch)));
  }

  #answerSingle(batch: readonly Question[]): Promise<Answer[]> {
    return this.#turns.take(() => {
      // One run of the network is a stage of each of the requests that it answers.
      for (const { stages } of batch) stages.begin('infer', { photos: batch.length });
      return this.#answerNow(batch.map(({ photo }) => photo));
    });
  }

  async #answerNow(batch: readonly Prepared[]): Promise<Answer[]> {
    const loaded = this.#current;
    const begin = performance.now();
    const answers = await answerBatch(loaded.model, await this.#preparedFor(loaded, batch));
    this.#options.onBatch?.(batch.length, performance.now() - begin);
    for (const answer of answers) this.#answeredBy.set(answer, loaded.identity);
    return answers;
  }

  /** Photos one after the other as batches that {@link answer} takes, read and decoded ahead. */
  async *prepareBatches(photos: AsyncIterable<Photo>): AsyncGenerator<Prepared[]> {
    const loaded = this.#current;
    for await (const batch of prepareBatches(photos, loaded.model.sizes)) {
      for (const prepared of batch) this.#preparedBy.set(prepared, loaded);
      yield batch;
    }
  }

  /**
   * From the next batch on another model answers. It is loaded, and asked its test picture, while this one goes on.
   * @throws BusanaError MODEL_NOT_FOUND; MODEL_INVALID, also for a model of other attributes: this one then stays
   */
  async swap(path: string): Promise<void> {
    const next = await loadOne(path, this.#options);
    try {
      expectSameLabels(this.taxonomy, next.model.metadata['busana.schema'], next.identity.name);
    } catch (error) {
      await next.model.release();
      throw error;
    }
    await this.#turns.take(async () => {
      const { model } = this.#current;
      this.#current = next;
      await model.release();
    });
  }

  /** When what is being answered has been answered. */
  async close(): Promise<void> {
    await this.#turns.ended();
    await this.#current.model.release();
  }

  /** Photos that were prepared for a model of other sizes are prepared anew. */
  async #preparedFor(loaded: Loaded, batch: readonly Prepared[]): Promise<readonly Prepared[]> {
    return Promise.all(
      batch.map((prepared) => {
        const sizes = this.#preparedBy.get(prepared)?.model.sizes ?? loaded.model.sizes;
        return sizes.join() === loaded.model.sizes.join() ? Promise.resolve(prepared) : loaded.prepare(prepared.photo);
      }),
    );
  }
}

async function loadOne(path: string, { threads = 0 }: PredictorOptions): Promise<Loaded> {
  const model = await openModelThread(path, { threads });
  const { name } = model.metadata['busana.provenance'];
  const identity = { name, hash: await hashOfFile(model.file) };
  return { model, identity, prepare: photoPreparer(model.sizes) };
}

/** @throws BusanaError MODEL_INVALID: labels of the one would mean something else in the other */
function expectSameLabels(taxonomy: Taxonomy, other: Taxonomy, name: string): void {
  const codes = ({ attributes }: Taxonomy) =>
    JSON.stringify(attributes.map((attribute) => [attribute.name, attribute.values.map(({ code }) => code)]));
  if (codes(taxonomy) === codes(other)) return;
  throw new BusanaError('MODEL_INVALID', `${name} reads other attributes or values than those of the catalogue`, {
    remedy: 'Train a model on the catalogue, or start a server of its own for this one.',
  });
}
