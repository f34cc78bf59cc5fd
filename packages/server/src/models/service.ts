/** @file Changing the model while requests go on: loaded and proved first, swapped between batches, then written down. */
import { BusanaError } from '@busana/contracts';
import { activateModel, activeModel, expectModel, previousModel, type ActivationKind } from '../catalogue/models.ts'; // prettier-ignore
import type { Orm } from '../database/open.ts';
import type { JobQueue } from '../jobs/queue.ts';
import { Turns } from '../jobs/turns.ts';
import type { Predictor } from '../predictions/predictor.ts';
import { askAnew } from './anew.ts';
import { isUnusable, type ModelFiles } from './files.ts';

/** Milliseconds until a model that could not be used is tried again, twice as many each further time, up to the last. */
const RETRY = { first: 1000, last: 30_000 };

export class ModelService {
  readonly #orm: Orm;
  readonly #queue: JobQueue;
  readonly #predictor: Predictor;
  readonly #onChange: (hash: string, kind: ActivationKind, actor: string) => void;
  readonly files: ModelFiles;
  readonly #turns = new Turns();
  /** The active model, where it cannot be used. */
  #failed: { readonly hash: string; readonly error: BusanaError; readonly wait: number; readonly until: number } | undefined; // prettier-ignore

  constructor(options: {
    readonly orm: Orm;
    readonly predictor: Predictor;
    readonly files: ModelFiles;
    readonly queue: JobQueue;
    /** Told for the log. */
    readonly onChange?: (hash: string, kind: ActivationKind, actor: string) => void;
  }) {
    this.#orm = options.orm;
    this.#queue = options.queue;
    this.#predictor = options.predictor;
    this.files = options.files;
    this.#onChange = options.onChange ?? (() => undefined);
  }

  /** @throws BusanaError MODEL_NOT_FOUND, MODEL_INVALID: the model that was active then stays so */
  activate(hash: string, actor: string): Promise<void> {
    return this.#turns.take(() => this.#change(hash, 'activate', actor));
  }

  /** Brings back the model before this one. @throws BusanaError MODEL_NOT_FOUND where there is none */
  rollback(actor: string): Promise<void> {
    return this.#turns.take(async () => {
      const previous = await previousModel(this.#orm);
      if (previous === undefined) {
        throw new BusanaError('MODEL_NOT_FOUND', 'no other model was active before this one', { remedy: 'Activate one of the list.' }); // prettier-ignore
      }
      await this.#change(previous, 'rollback', actor);
    });
  }

  /** The model that answers here, which is not the active one where that cannot be used. */
  get answering(): string {
    return this.#predictor.hash;
  }

  /**
   * Another process may have activated another model: it answers here as well. One that cannot be used is tried again now
   * and then, as its file may be whole again.
   * @throws BusanaError MODEL_NOT_FOUND, MODEL_INVALID: the model that answers then goes on
   */
  follow(): Promise<void> {
    return this.#turns.take(async () => {
      const active = await activeModel(this.#orm);
      if (active === undefined || active.hash === this.#predictor.hash) return;
      const { hash } = active;
      const failed = this.#failed?.hash === hash ? this.#failed : undefined;
      if (failed !== undefined && performance.now() < failed.until) throw failed.error;
      const problem = this.files.problems.has(hash);
      try {
        await this.#swap(hash);
      } catch (error) {
        const wait = failed === undefined ? RETRY.first : Math.min(2 * failed.wait, RETRY.last);
        if (isUnusable(error)) this.#failed = { hash, error, wait, until: performance.now() + wait };
        throw error;
      }
      // What came meanwhile was answered by another.
      if (problem) await this.#orm.transaction((transaction) => askAnew(transaction, this.#queue, hash));
      this.#onChange(hash, 'activate', problem ? 'its file is whole again' : 'another process');
    });
  }

  async #swap(hash: string): Promise<void> {
    await this.files.use(hash, (path) => this.#predictor.swap(path));
  }

  async #change(hash: string, kind: ActivationKind, actor: string): Promise<void> {
    const { name } = await expectModel(this.#orm, hash);
    const before = this.#predictor.hash;
    if (before === hash && (await activeModel(this.#orm))?.hash === hash) return;
    if (before !== hash) await this.#swap(hash);
    try {
      await this.#orm.transaction(async (transaction) => {
        await activateModel(transaction, { hash, name }, { kind, actor });
        await askAnew(transaction, this.#queue, hash);
      });
    } catch (error) {
      // What answers is what is written down.
      if (before !== hash) await this.#swap(before);
      throw error;
    }
    this.#onChange(hash, kind, actor);
  }
}
