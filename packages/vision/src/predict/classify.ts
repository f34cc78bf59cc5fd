/** @file Photos -> predictions, batch by batch. */
import { BusanaError, type Prediction } from '@busana/contracts';
import type { Model } from '../artifact/model.ts';
import type { Photo } from '../data/dataset.ts';
import { answerBatch } from './answer-batch.ts';
import { readerOf } from './picture-reader.ts';
import { prepareBatches } from './prepare-ahead.ts';

/**
 * One prediction per photo, in the order given; a photo that cannot be read gets the status `error` and a reason.
 * @throws BusanaError INTERRUPTED
 */
export async function* classifyPhotos(
  model: Model,
  photos: Iterable<Photo> | AsyncIterable<Photo>,
  signal?: AbortSignal,
): AsyncGenerator<Prediction> {
  for await (const batch of classifyBatches(model, photos, signal)) yield* batch;
}

/**
 * The same, as many at a time as the model is asked at once.
 * @param done photos that were done before these, for the message
 * @throws BusanaError INTERRUPTED
 */
export async function* classifyBatches(
  model: Model,
  photos: Iterable<Photo> | AsyncIterable<Photo>,
  signal?: AbortSignal,
  done = 0,
): AsyncGenerator<Prediction[]> {
  const goOn = (): void => {
    if (signal?.aborted === true) throw new BusanaError('INTERRUPTED', `stopped after ${done} photos`);
  };
  const reader = readerOf(model);
  for await (const batch of prepareBatches(photos, model.sizes)) {
    goOn();
    yield (await answerBatch(reader, batch)).map(({ prediction }) => prediction);
    done += batch.length;
  }
  // A list that was cut off by the same signal is no end.
  goOn();
}
