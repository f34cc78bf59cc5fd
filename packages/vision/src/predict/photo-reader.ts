/** @file A model ready for photos in memory: what a program of one's own asks, e.g. a web server. */
import { BusanaError, type ArtifactMetadata, type Prediction } from '@busana/contracts';
import { loadModel } from '../artifact/model.ts';
import { shippedModel } from '../artifact/shipped.ts';
import type { EngineOptions } from '../engine-options.ts';
import { answerBatch } from './answer-batch.ts';
import { readerOf } from './picture-reader.ts';
import { photoPreparer } from './prepare-photo.ts';

export interface PhotoReader {
  readonly metadata: ArtifactMetadata;
  /**
   * What `busana predict` says of the photo. One that cannot be read gets the status `error` and the reason, so that
   * one bad upload fails no other.
   * @param bytes file of a photo: JPEG, PNG, WebP, …
   * @param name what the prediction calls it
   */
  readonly read: (bytes: Uint8Array, name?: string) => Promise<Prediction>;
  readonly release: () => Promise<void>;
}

/**
 * Loads a model once, to be asked about one photo after another or many at once.
 * @param model a model file or a run folder; default: the model that comes with busana
 * @throws BusanaError MODEL_NOT_FOUND, MODEL_INVALID
 */
export async function openPhotoReader(model?: string, options: EngineOptions = {}): Promise<PhotoReader> {
  const path = model ?? (await shippedModel());
  if (path === undefined) throw new BusanaError('MODEL_NOT_FOUND', 'no model is named, and none came with busana');
  const loaded = await loadModel(path, options);
  const prepare = photoPreparer(loaded.sizes);
  const reader = readerOf(loaded);
  return {
    metadata: loaded.metadata,
    async read(bytes, name = 'photo') {
      const [answered] = await answerBatch(reader, [
        await prepare({ id: name, name, location: { kind: 'bytes', bytes } }),
      ]);
      return answered!.prediction;
    },
    release: () => loaded.release(),
  };
}
