/**
 * @file Photos -> batches ready for the model. Photos are read and decoded ahead, several at once, while the model works
 * on the batches before; what that may hold in memory is bounded, however many photos there are and however large.
 */
import type { Photo } from '../data/dataset.ts';
import { photoPreparer, type Prepared } from './prepare-photo.ts';

/** Pixels of a batch: 16 pictures of 224 x 224, beyond which a processor gains little and memory grows. */
const BATCH_PIXELS = 16 * 224 * 224;
const LARGEST_BATCH = 64;
/** Batches ahead of the model: one that is ready when it is, and two for photos that take longer than others. */
const BATCHES_AHEAD = 3;

/** Photos that a model with square inputs of these sizes is asked about at a time. */
export function batchSize(sizes: readonly number[]): number {
  return Math.min(LARGEST_BATCH, Math.max(1, Math.round(BATCH_PIXELS / Math.max(...sizes) ** 2)));
}

/** Batches of {@link batchSize}, the last one perhaps smaller, in the order of the photos. Photos are asked for late. */
export async function* prepareBatches(
  photos: Iterable<Photo> | AsyncIterable<Photo>,
  sizes: readonly number[],
): AsyncGenerator<Prepared[]> {
  const batch = batchSize(sizes);
  const prepare = photoPreparer(sizes);
  const source = iterate(photos);
  const ahead: Promise<Prepared>[] = [];
  let end: { readonly error?: Error } | undefined;
  let asking: Promise<void> | undefined;
  // Asks for photos until there are enough, beside whatever else goes on: a list on stdin may come slowly.
  const ask = (): Promise<void> =>
    (asking ??= source
      .next()
      .then(
        (next) => (next.done === true ? (end = {}) : ahead.push(prepare(next.value))),
        (error: unknown) => (end = { error: error instanceof Error ? error : new Error(String(error)) }),
      )
      .then(() => {
        asking = undefined;
        if (end === undefined && ahead.length < BATCHES_AHEAD * batch) void ask();
      }));
  try {
    for (;;) {
      while (end === undefined && ahead.length < batch) await ask();
      if (ahead.length === 0) break;
      const next = ahead.splice(0, batch);
      if (end === undefined) void ask();
      yield await Promise.all(next);
    }
    if (end?.error !== undefined) throw end.error;
  } finally {
    // Not awaited: it ends when the photo that is being asked for comes.
    void source.return(undefined);
  }
}

async function* iterate<T>(items: Iterable<T> | AsyncIterable<T>): AsyncGenerator<T> {
  yield* items;
}
