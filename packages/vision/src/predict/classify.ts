/** @file Photos -> predictions, a batch ahead: photos are decoded while the model works on the ones before. */
import { BusanaError, type AttributePrediction, type Prediction } from '@busana/contracts';
import type { Model } from '../artifact/model.ts';
import type { Photo } from '../data/dataset.ts';
import { readImageBytes } from '../data/bytes.ts';
import { preparePicture } from '../image/resize.ts';

const BATCH = 16;

/** A photo ready for the model, or why it is not. */
type Prepared = { readonly data: Uint8Array } | { readonly reason: string };

/**
 * One prediction per photo, in the order given; a photo that cannot be read gets the status `error` and a reason.
 * @throws BusanaError INTERRUPTED
 */
export async function* classifyPhotos(
  model: Model,
  photos: readonly Photo[],
  signal?: AbortSignal,
): AsyncGenerator<Prediction> {
  const { size } = model.metadata['busana.preprocess'];
  const prepareBatch = (start: number) =>
    Promise.all(photos.slice(start, start + BATCH).map((photo) => prepare(photo, size)));
  let ahead = prepareBatch(0);
  for (let start = 0; start < photos.length; start += BATCH) {
    if (signal?.aborted === true)
      throw new BusanaError('INTERRUPTED', `stopped after ${start} of ${photos.length} photos`);
    const prepared = await ahead;
    ahead = prepareBatch(start + BATCH);
    yield* await answerBatch(model, photos.slice(start, start + BATCH), prepared);
  }
}

async function prepare(photo: Photo, size: number): Promise<Prepared> {
  try {
    return { data: (await preparePicture(await readImageBytes(photo.location), size)).data };
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}

async function answerBatch(
  model: Model,
  photos: readonly Photo[],
  prepared: readonly Prepared[],
): Promise<Prediction[]> {
  const { size } = model.metadata['busana.preprocess'];
  const readable = prepared.flatMap((item) => ('data' in item ? [item.data] : []));
  const images = new Uint8Array(readable.length * size * size * 3);
  readable.forEach((data, index) => images.set(data, index * data.length));
  const outputs = readable.length === 0 ? {} : await model.answer(images, readable.length);
  let row = -1;
  return photos.map((photo, index) => {
    const item = prepared[index]!;
    if ('reason' in item) return failure(model, photo, item.reason);
    row += 1;
    return interpret(model, photo.name, outputs, row);
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
