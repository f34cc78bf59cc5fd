/** @file Photos -> predictions, batch by batch: labels, confidence and a status from the model's probabilities. */
import { BusanaError, type AttributePrediction, type Prediction } from '@busana/contracts';
import type { Model } from '../artifact/model.ts';
import type { Photo } from '../data/dataset.ts';
import { prepareBatches, type Prepared } from './prepare-ahead.ts';

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
  for await (const batch of prepareBatches(photos, model.sizes)) {
    goOn();
    yield await answerBatch(model, batch);
    done += batch.length;
  }
  // A list that was cut off by the same signal is no end.
  goOn();
}

async function answerBatch(model: Model, batch: readonly Prepared[]): Promise<Prediction[]> {
  const readable = batch.flatMap((item) => ('pictures' in item ? [item.pictures] : []));
  const images = model.sizes.map((size, at) => {
    const joined = new Uint8Array(readable.length * size * size * 3);
    readable.forEach((pictures, index) => joined.set(pictures[at]!, index * pictures[at]!.length));
    return joined;
  });
  const outputs = readable.length === 0 ? {} : await model.answer(images, readable.length);
  let row = -1;
  return batch.map((item) => {
    if ('reason' in item) return failure(model, item.photo, item.reason);
    row += 1;
    return interpret(model, item.photo.name, outputs, row);
  });
}

/** Turns the row of a batch's outputs into labels and a status. */
function interpret(
  model: Model,
  image: string,
  outputs: Readonly<Record<string, Float32Array>>,
  row: number,
): Prediction {
  const {
    'busana.schema': taxonomy,
    'busana.thresholds': thresholds,
    'busana.provenance': provenance,
  } = model.metadata;
  const attributes = taxonomy.attributes.map(({ name, values }): AttributePrediction => {
    const probabilities = outputs[name]!.subarray(row * values.length, (row + 1) * values.length);
    const best = probabilities.indexOf(Math.max(...probabilities));
    const { code, names } = values[best]!;
    return {
      name,
      code,
      label: names['en'] ?? Object.values(names)[0] ?? code,
      confidence: probabilities[best]!,
      probabilities: Object.fromEntries(values.map((value, index) => [value.code, probabilities[index]!])),
    };
  });
  const joint = attributes.reduce((product, { confidence }) => product * confidence, 1);
  const sure = joint >= thresholds.accept;
  const doubtful = attributes.reduce((a, b) => (b.confidence < a.confidence ? b : a));
  return {
    image,
    attributes,
    joint_confidence: joint,
    status: sure ? 'accept' : 'review',
    reason: sure ? '' : `unsure about ${doubtful.name}: ${doubtful.label} ${(doubtful.confidence * 100).toFixed(0)} %`,
    model: provenance.name,
  };
}

function failure(model: Model, photo: Photo, reason: string): Prediction {
  return {
    image: photo.name,
    attributes: [],
    joint_confidence: 0,
    status: 'error',
    reason,
    model: model.metadata['busana.provenance'].name,
  };
}
