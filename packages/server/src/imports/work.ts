/** @file The jobs of imports: photos come into the store, the model is asked about them. */
import { and, asc, eq } from 'drizzle-orm';
import type { Orm } from '../database/open.ts';
import { importItems, imports } from '../database/schema/imports.ts';
import type { Changes } from '../jobs/changes.ts';
import type { JobQueue } from '../jobs/queue.ts';
import type { Done, Doing } from '../jobs/worker.ts';
import type { WorkOf } from '../jobs/work.ts';
import { LARGEST_PHOTO, type PhotoStore } from '../photos/store.ts';
import type { Predictor } from '../predictions/predictor.ts';
import type { LookAlikes } from '../search/look-alikes.ts';
import { fetchPhoto, isPublic } from './addresses.ts';
import { localQueue, received, receiveAll } from './make-jobs.ts';
import { groupsOf, jobsOf } from './plan.ts';
import { predictPhotos } from './predict.ts';
import { receivePhotos, type Fetch } from './receive.ts';
import { archiveKey, archivesInUse, endWhenDone, isRunning, tiesOf, waitingAt } from './state.ts';

export interface ImportWorkOptions {
  readonly orm: Orm;
  readonly queue: JobQueue;
  readonly store: PhotoStore;
  readonly predictor: Predictor;
  readonly lookAlikes: LookAlikes;
  readonly changes: Changes;
  /** How photos at addresses are got; by default from the public internet alone. */
  readonly fetch?: Fetch;
  /** Told of each photo that has come to an end, and to which. */
  readonly onSettled?: (state: string) => void;
}

/** From the second failure on what hangs together is tried by itself, so that one photo does not take others with it. */
const ALONE = 2;

export class ImportWork {
  readonly #options: ImportWorkOptions;

  constructor(options: ImportWorkOptions) {
    this.#options = options;
  }

  wanted(id: number): Promise<boolean> {
    return isRunning(this.#options.orm, id);
  }

  /** Photos come into the store; when all have, jobs for the model are made. */
  async receive({ import: id, positions }: WorkOf<'receive'>, { signal }: Doing): Promise<Done> {
    const { orm, queue, store, fetch = fromInternet } = this.#options;
    if (!(await isRunning(orm, id))) return {};
    const done = await receivePhotos({ orm, store, fetch, signal }, id, positions, (state) => this.#settled(state));
    if (!done) return 'left';
    return {
      also: (transaction) => received(transaction, queue, id),
      after: async () => {
        await this.#removeArchive(id);
        this.#options.changes.announce();
      },
    };
  }

  async predict({ import: id, positions }: WorkOf<'predict'>, { signal, tried }: Doing): Promise<Done> {
    const { orm, queue, changes } = this.#options;
    if (!(await isRunning(orm, id))) return {};
    if (tried >= ALONE) {
      const waiting = await orm.select().from(importItems).where(waitingAt(id, positions)).orderBy(asc(importItems.position)); // prettier-ignore
      const groups = groupsOf(waiting.map(({ position, photoHash, product }) => ({ position, ties: tiesOf({ hash: photoHash, sku: product.sku, key: product.key }) }))); // prettier-ignore
      if (groups.length > 1) {
        const jobs = [...jobsOf('predict', id, { queue: 'predict', batches: groups, total: groups.length })];
        return { also: (transaction) => queue.add(transaction, jobs) };
      }
    }
    const onSettled = (state: string) => this.#settled(state);
    if (!(await predictPhotos({ ...this.#options, signal, onSettled }, id, positions))) return 'left';
    return { also: (transaction) => endWhenDone(transaction, id), after: () => changes.announce() };
  }

  /**
   * Imports that are running and have no job, e.g. those of an older version, get jobs.
   * Archives whose import has ended while nobody could remove them go.
   */
  async resume(): Promise<void> {
    const { orm, queue, store } = this.#options;
    await store.removeArchives(await archivesInUse(orm));
    await queue.make(localQueue());
    const running = await orm.select({ id: imports.id }).from(imports).where(eq(imports.state, 'running'));
    for (const { id } of running) {
      await orm.transaction(async (transaction) => {
        const [own] = await transaction.select().from(imports).where(and(eq(imports.id, id), eq(imports.state, 'running'))).for('update'); // prettier-ignore
        if (own === undefined || (await queue.has(transaction, { import: id }))) return;
        await receiveAll(transaction, queue, id);
      });
    }
  }

  /** What was uploaded for it alone is needed no more when all its photos are in the store, or nobody wants them. */
  async #removeArchive(id: number): Promise<void> {
    const [found] = await this.#options.orm.select().from(imports).where(eq(imports.id, id));
    if (found?.archive === null || found === undefined || (found.receiving > 0 && found.state === 'running')) return;
    await this.#options.store.removeArchive(archiveKey(found.archive));
  }

  #settled(state: string): void {
    this.#options.onSettled?.(state);
    this.#options.changes.announce();
  }
}

/** Within 30 seconds. */
const fromInternet: Fetch = (address, signal) =>
  fetchPhoto(address, { bytes: LARGEST_PHOTO, milliseconds: 30_000, allows: isPublic, signal });
