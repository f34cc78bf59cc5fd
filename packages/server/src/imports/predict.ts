/** @file Photos of an import that are in the store: the model is asked about them, and they become products. */
import type { Photo } from '@busana/vision';
import { asc } from 'drizzle-orm';
import type { Orm } from '../database/open.ts';
import { importItems } from '../database/schema/imports.ts';
import { withProducts } from '../photos/record.ts';
import { locatePhotos } from '../photos/locate.ts';
import type { PhotoStore } from '../photos/store.ts';
import type { Predictor } from '../predictions/predictor.ts';
import { featuresOf } from '../search/features.ts';
import type { LookAlikes } from '../search/look-alikes.ts';
import { heedTitle } from './heed-title.ts';
import { refused } from './notes.ts';
import { waitingAt } from './state.ts';
import { writeOutcomes, type ImportItem, type Outcome } from './write.ts';

/** A photo that is in the store, for a model to be asked about. */
interface KeptPhoto extends Photo {
  readonly item: ImportItem;
  readonly hash: string;
}

export interface PredictOptions {
  readonly orm: Orm;
  readonly store: PhotoStore;
  readonly predictor: Predictor;
  readonly lookAlikes: LookAlikes;
  readonly signal: AbortSignal;
  /** Told of each photo that has come to an end, and to which. */
  readonly onSettled: (state: string) => void;
}

/**
 * What is written is written; doing it again goes on with the rest.
 * @returns whether all of it is done
 */
export async function predictPhotos(
  options: PredictOptions,
  importId: number,
  positions: readonly number[],
): Promise<boolean> {
  const { orm, signal } = options;
  // Twice where the product of a duplicate has been removed meanwhile.
  for (;;) {
    const items = await orm.select().from(importItems).where(waitingAt(importId, positions)).orderBy(asc(importItems.position)); // prettier-ignore
    if (items.length === 0) return true;
    if (signal.aborted || !(await askAbout(options, items))) return false;
  }
}

async function askAbout(options: PredictOptions, items: readonly ImportItem[]): Promise<boolean> {
  const { orm, store, predictor, lookAlikes, signal, onSettled } = options;
  const known = await withProducts(orm, items.flatMap(({ photoHash }) => photoHash ?? [])); // prettier-ignore
  const settle = async (outcomes: readonly Outcome[], modelHash: string): Promise<void> => {
    for (const { state } of await writeOutcomes(orm, outcomes, { modelHash, lookAlikes })) onSettled(state);
  };
  const seen = items.filter(({ photoHash }) => photoHash !== null && known.has(photoHash));
  await settle(seen.map((item) => ({ item, hash: item.photoHash! })), predictor.hash); // prettier-ignore
  const waiting = new Map<string, KeptPhoto>();
  const asked = items.flatMap(({ photoHash }) => (photoHash === null || known.has(photoHash) ? [] : photoHash));
  const places = await locatePhotos(store, asked);
  async function* photos(): AsyncGenerator<KeptPhoto> {
    for (const item of items) {
      const { photoHash: hash, name } = item;
      if (hash === null || known.has(hash)) continue;
      const path = places.get(hash);
      if (typeof path !== 'string') {
        await settle([{ item, hash, failure: path?.message ?? 'there is no such photo', note: refused(path?.code ?? 'PHOTO_NOT_FOUND') }], predictor.hash); // prettier-ignore
        continue;
      }
      const photo = { id: String(item.position), name, location: { kind: 'file' as const, path }, item, hash };
      waiting.set(photo.id, photo);
      yield photo;
    }
  }
  for await (const batch of predictor.prepareBatches(photos())) {
    if (signal.aborted) return false;
    const answers = await predictor.answer(batch);
    const kept = batch.map(({ photo: { id } }) => waiting.get(id)!);
    const features = await Promise.all(kept.map(({ hash }, at) => featuresOf(hash, batch[at]!, answers[at]!)));
    const outcomes = kept.map(({ item, hash }, at): Outcome => {
      const { status, reason } = answers[at]!.prediction;
      if (status === 'error') return { item, hash, failure: reason, note: refused('IMAGE_UNREADABLE') };
      return { item, hash, answer: heedTitle(answers[at]!, item.product, predictor.taxonomy), features: features[at] };
    });
    await settle(outcomes, predictor.modelOf(answers[0]!).hash);
  }
  return true;
}
