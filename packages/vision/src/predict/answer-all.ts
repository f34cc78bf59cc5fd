import { BusanaError } from '@busana/contracts';
import type { Model } from '../artifact/model.ts';
import type { Photo } from '../data/dataset.ts';
import type { HeldOut } from '../train/held-out.ts';
import { classifyPhotos } from './classify.ts';

/**
 * What a model says of photos it was not trained on, all in one fold.
 * @throws BusanaError DATA_INVALID when a photo cannot be read; INTERRUPTED
 */
export async function answerAll(
  model: Model,
  photos: readonly Photo[],
  { onAnswer, signal }: { readonly onAnswer?: () => void; readonly signal?: AbortSignal },
): Promise<HeldOut> {
  const { attributes } = model.metadata['busana.schema'];
  const probabilities = attributes.map(({ values }) => new Float32Array(photos.length * values.length));
  let row = 0;
  for await (const { image, status, reason, attributes: read } of classifyPhotos(model, photos, signal)) {
    if (status === 'error') throw new BusanaError('DATA_INVALID', `the photo ${image} cannot be read: ${reason}`);
    attributes.forEach(({ values }, index) => {
      const scores = values.map(({ code }) => read[index]!.probabilities[code]!);
      probabilities[index]!.set(scores, row * values.length);
    });
    row += 1;
    onAnswer?.();
  }
  const arm = model.metadata['busana.provenance'].name;
  return { arm, photos: photos.map((_, index) => index), folds: photos.map(() => 0), probabilities };
}
