/** @file Changing the model while requests go on: loaded and proved first, swapped between batches, then written down. */
import { BusanaError } from '@busana/contracts';
import { activateModel, activeModel, expectModel, findModel, previousModel, type ActivationKind } from '../catalogue/models.ts'; // prettier-ignore
import type { Orm } from '../database/open.ts';
import type { JobQueue } from '../jobs/queue.ts';
import { Turns } from '../jobs/turns.ts';
import type { Predictor } from '../predictions/predictor.ts';
import { askAnew } from './anew.ts';
import type { ModelFiles } from './files.ts';

export class ModelService {
  readonly #orm: Orm;
  readonly #queue: JobQueue;
  readonly #predictor: Predictor;
  readonly #onChange: (hash: string, kind: ActivationKind, actor: string) => void;
  readonly files: ModelFiles;
  readonly #turns = new Turns();

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

  /** Another process may have activated another model: it answers here as well. */
  follow(): Promise<void> {
    return this.#turns.take(async () => {
      const active = await activeModel(this.#orm);
      if (active === undefined || active.hash === this.#predictor.hash) return;
      await this.#predictor.swap(await this.files.local(active.hash));
      this.#onChange(active.hash, 'activate', 'another process');
    });
  }

  async #change(hash: string, kind: ActivationKind, actor: string): Promise<void> {
    const { name } = await expectModel(this.#orm, hash);
    const before = this.#predictor.hash;
    if (before === hash) return;
    await this.#predictor.swap(await this.files.local(hash));
    try {
      await this.#orm.transaction(async (transaction) => {
        await activateModel(transaction, { hash, name }, { kind, actor });
        await askAnew(transaction, this.#queue, hash);
      });
    } catch (error) {
      // What answers is what is written down.
      await this.#predictor.swap(await this.files.local(before));
      throw error;
    }
    this.#onChange(hash, kind, actor);
  }
}

/**
 * The model that a server begins with: one that it has never had, or else the one that was activated last.
 * @param given a model file or a run folder
 * @returns path of the file
 */
export async function modelToServe(orm: Orm, files: ModelFiles, given: string): Promise<string> {
  const { hash } = await files.install(given);
  const active = await activeModel(orm);
  const known = await findModel(orm, hash);
  const goesOn = known !== undefined && active !== undefined && (await files.has(active.hash));
  return files.local(goesOn ? active.hash : hash);
}
