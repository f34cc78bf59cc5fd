/** @file Imports in the background: one after the other, going on where a process that ended has left them. */
import { BusanaError } from '@busana/contracts';
import type { Orm } from '../database/open.ts';
import { Background } from '../jobs/background.ts';
import { LARGEST_PHOTO, type PhotoStore } from '../photos/store.ts';
import type { Predictor } from '../predictions/predictor.ts';
import { featuresOf, recordFeatures } from '../search/features.ts';
import type { LookAlikes } from '../search/look-alikes.ts';
import { fetchPhoto, isPublic } from './addresses.ts';
import { heedTitle } from './heed-title.ts';
import { keepPhotos, type Fetch, type KeptPhoto } from './photos.ts';
import { archiveKey, archivesInUse, endImport, hasWaiting, isRunning, nextImport } from './state.ts';
import { writeOutcomes, type Outcome } from './write.ts';

export interface RunnerOptions {
  readonly orm: Orm;
  readonly store: PhotoStore;
  readonly predictor: Predictor;
  readonly lookAlikes: LookAlikes;
  /** How photos at addresses are got; by default from the public internet alone. */
  readonly fetch?: Fetch;
  /** Told of what should not fail. */
  readonly onFailure: (error: unknown) => void;
  /** Told of each photo that has come to an end, and to which. */
  readonly onSettled?: (state: string) => void;
}

export class ImportRunner {
  readonly #options: RunnerOptions;
  readonly #background: Background;
  #tidied = false;

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.#background = new Background(() => this.#step(), options.onFailure);
  }

  /** Goes on with imports that have no end yet, and does those that come. */
  start(): void {
    this.#background.start();
  }

  /** There is a new import, or one was cancelled. */
  wake(): void {
    this.#background.wake();
  }

  /** When something has changed in some import, or after so many milliseconds. */
  changed(milliseconds: number, signal: AbortSignal): Promise<void> {
    return this.#background.changed(milliseconds, signal);
  }

  /** Aborted when {@link close} is called. */
  get closing(): AbortSignal {
    return this.#background.closing;
  }

  /** When the photos at hand are written. The others go on when somebody starts again. */
  close(): Promise<void> {
    return this.#background.close();
  }

  async #step(): Promise<boolean> {
    if (!this.#tidied) await this.#tidy();
    this.#tidied = true;
    const next = await nextImport(this.#options.orm);
    if (next !== undefined) await this.#run(next);
    return next !== undefined;
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
      while (!this.closing.aborted && (await isRunning(orm, id)) && (await hasWaiting(orm, id)));
      if (this.closing.aborted) return;
      await endImport(orm, id, 'done');
    } catch (error) {
      // A database that does not answer cannot be told either: the import goes on when it does.
      if (!(error instanceof BusanaError)) throw error;
      await endImport(orm, id, 'failed', error.message);
    }
    if (archive !== null) await this.#options.store.removeArchive(archiveKey(archive));
    this.#background.announce();
  }

  async #import(id: number): Promise<void> {
    const { orm, store, predictor, lookAlikes, fetch = fromInternet } = this.#options;
    const waiting = new Map<string, KeptPhoto>();
    const photos = keepPhotos(orm, { store, fetch, signal: this.closing }, id, (outcomes) => this.#write(outcomes));
    async function* remembered(): AsyncGenerator<KeptPhoto> {
      for await (const photo of photos) {
        waiting.set(photo.id, photo);
        yield photo;
      }
    }
    for await (const batch of predictor.prepareBatches(remembered())) {
      if (this.closing.aborted || !(await isRunning(orm, id))) return;
      const answers = await predictor.answer(batch);
      const kept = batch.map(({ photo: { id } }) => waiting.get(id)!);
      for (const { id } of kept) waiting.delete(id);
      const features = await Promise.all(kept.map(({ hash }, at) => featuresOf(hash, batch[at]!, answers[at]!)));
      const { hash: modelHash } = predictor.modelOf(answers[0]!);
      await recordFeatures(orm, modelHash, features.filter((known) => known !== undefined)); // prettier-ignore
      const outcomes: Outcome[] = [];
      for (const [at, { item, hash }] of kept.entries()) {
        const { status, reason } = answers[at]!.prediction;
        const known = features[at];
        if (status === 'error') outcomes.push({ item, hash, failure: reason });
        else outcomes.push({ item, hash, answer: heedTitle(answers[at]!, item.product, predictor.taxonomy), same: known === undefined ? [] : await lookAlikes.samePicture(known) }); // prettier-ignore
      }
      await this.#write(outcomes, modelHash);
    }
  }

  /** @param modelHash the model that has answered, where one was asked */
  async #write(outcomes: readonly Outcome[], modelHash = this.#options.predictor.hash): Promise<void> {
    const settled = await writeOutcomes(this.#options.orm, outcomes, modelHash);
    for (const { state } of settled) this.#options.onSettled?.(state);
    if (settled.length > 0) this.#background.announce();
  }
}

/** Within 30 seconds. */
const fromInternet: Fetch = (address, signal) =>
  fetchPhoto(address, { bytes: LARGEST_PHOTO, milliseconds: 30_000, allows: isPublic, signal });
