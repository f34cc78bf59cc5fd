/** @file Imports in the background: one after the other, going on where a process that ended has left them. */
import { BusanaError } from '@busana/contracts';
import { closeZip } from '@busana/vision';
import { EventEmitter, once } from 'node:events';
import { rm } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import type { Orm } from '../database/open.ts';
import type { PhotoStore } from '../photos/store.ts';
import type { Predictor } from '../predictions/predictor.ts';
import { keepPhotos, type KeptPhoto } from './photos.ts';
import { archivesInUse, endImport, hasWaiting, isRunning, nextImport } from './state.ts';
import { writeOutcomes, type Outcome } from './write.ts';

export interface RunnerOptions {
  readonly orm: Orm;
  readonly store: PhotoStore;
  readonly predictor: Predictor;
  /** Told of what should not fail. */
  readonly onFailure: (error: unknown) => void;
  /** Told of each photo that has come to an end, and to which. */
  readonly onSettled?: (state: string) => void;
}

/** Milliseconds until a database that does not answer is asked again. */
const PATIENCE = 2000;

export class ImportRunner {
  readonly #options: RunnerOptions;
  readonly #events = new EventEmitter().setMaxListeners(0);
  readonly #closing = new AbortController();
  #end: Promise<void> | undefined;
  /** How often somebody has said that there is something to do. */
  #calls = 0;

  constructor(options: RunnerOptions) {
    this.#options = options;
  }

  /** Goes on with imports that have no end yet, and does those that come. */
  start(): void {
    this.#end ??= this.#loop();
  }

  /** There is a new import, or one was cancelled. */
  wake(): void {
    this.#calls += 1;
    this.#events.emit('wake');
  }

  /** When something has changed in some import, or after so many milliseconds. */
  async changed(milliseconds: number, signal: AbortSignal): Promise<void> {
    const either = AbortSignal.any([signal, this.#closing.signal, AbortSignal.timeout(milliseconds)]);
    await once(this.#events, 'changed', { signal: either }).catch(() => undefined);
  }

  /** Aborted when {@link close} is called. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  /** When the photos at hand are written. The others go on when somebody starts again. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.wake();
    await this.#end;
  }

  async #loop(): Promise<void> {
    const { signal } = this.#closing;
    await this.#tidy();
    while (!signal.aborted) {
      const calls = this.#calls;
      try {
        const next = await nextImport(this.#options.orm);
        if (next !== undefined) await this.#run(next);
        else if (calls === this.#calls) await once(this.#events, 'wake');
      } catch (error) {
        this.#options.onFailure(error);
        await setTimeout(PATIENCE, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** Archives whose import has ended while nobody could remove them. */
  async #tidy(): Promise<void> {
    const { orm, store, onFailure } = this.#options;
    try {
      await store.removeArchives(await archivesInUse(orm));
    } catch (error) {
      onFailure(error);
    }
  }

  async #run({ id, archive }: { id: number; archive: string | null }): Promise<void> {
    const { orm } = this.#options;
    try {
      // Twice where the product of a duplicate has been removed meanwhile.
      do await this.#import(id);
      while (!this.#closing.signal.aborted && (await isRunning(orm, id)) && (await hasWaiting(orm, id)));
      if (this.#closing.signal.aborted) return;
      await endImport(orm, id, 'done');
    } catch (error) {
      // A database that does not answer cannot be told either: the import goes on when it does.
      if (!(error instanceof BusanaError)) throw error;
      await endImport(orm, id, 'failed', error.message);
    }
    if (archive !== null) {
      await closeZip(archive);
      await rm(archive, { force: true });
    }
    this.#events.emit('changed');
  }

  async #import(id: number): Promise<void> {
    const { orm, store, predictor } = this.#options;
    const waiting = new Map<string, KeptPhoto>();
    const photos = keepPhotos(orm, store, id, (outcomes) => this.#write(outcomes));
    async function* remembered(): AsyncGenerator<KeptPhoto> {
      for await (const photo of photos) {
        waiting.set(photo.id, photo);
        yield photo;
      }
    }
    for await (const batch of predictor.prepareBatches(remembered())) {
      if (this.#closing.signal.aborted || !(await isRunning(orm, id))) return;
      const answers = await predictor.answer(batch);
      const outcomes = answers.map((answer, at): Outcome => {
        const { item, hash } = waiting.get(batch[at]!.photo.id)!;
        waiting.delete(batch[at]!.photo.id);
        const { status, reason } = answer.prediction;
        return status === 'error' ? { item, hash, failure: reason } : { item, hash, answer };
      });
      await this.#write(outcomes);
    }
  }

  async #write(outcomes: readonly Outcome[]): Promise<void> {
    const settled = await writeOutcomes(this.#options.orm, outcomes, this.#options.predictor.hash);
    for (const { state } of settled) this.#options.onSettled?.(state);
    if (settled.length > 0) this.#events.emit('changed');
  }
}
