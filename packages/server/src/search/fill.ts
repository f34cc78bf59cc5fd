/** @file Photos that the model that answers now was not asked about: those of an older catalogue, or of another model. */
import type { Photo } from '@busana/vision';
import type { Orm } from '../database/open.ts';
import type { PhotoStore } from '../photos/store.ts';
import type { Predictor } from '../predictions/predictor.ts';
import { featuresOf, recordFeatures, withoutFeatures } from './features.ts';

/** Photos that are looked for at a time. */
const PAGE = 256;

export interface FillOptions {
  readonly orm: Orm;
  readonly store: PhotoStore;
  readonly predictor: Predictor;
  readonly signal: AbortSignal;
}

/**
 * Asks the model about photos of products until it has been asked about all that can be read.
 * @returns how many it was asked about
 */
export async function fillFeatures({ orm, store, predictor, signal }: FillOptions): Promise<number> {
  const model = predictor.hash;
  async function* missing(): AsyncGenerator<Photo> {
    for (let after = ''; ;) {
      const page = await withoutFeatures(orm, model, after, PAGE);
      for (const { hash, name } of page) {
        if (signal.aborted) return;
        yield { id: hash, name, location: { kind: 'file', path: await store.local(hash) } };
      }
      if (page.length < PAGE) return;
      after = page.at(-1)!.hash;
    }
  }
  let filled = 0;
  for await (const batch of predictor.prepareBatches(missing())) {
    // Another model answers from now on: what this one would say is of no use.
    if (signal.aborted || predictor.hash !== model) break;
    const answers = await predictor.answer(batch);
    const features = await Promise.all(
      batch.map((prepared, at) => featuresOf(prepared.photo.id, prepared, answers[at]!)),
    );
    const known = features.filter((one) => one !== undefined);
    await recordFeatures(orm, model, known);
    filled += known.length;
  }
  return filled;
}
