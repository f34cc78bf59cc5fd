/** @file Photos -> predictions, batch by batch: labels, confidence and a status from the model's probabilities. */
import { BusanaError, type AttributePrediction, type Prediction } from '@busana/contracts';
import type { Model } from '../artifact/model.ts';
import type { Photo } from '../data/dataset.ts';
import { Judge, type JudgedPhoto, type Verdict } from './judge.ts';
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
  const judge = new Judge(model.metadata);
  for await (const batch of prepareBatches(photos, model.sizes)) {
    goOn();
    yield await answerBatch(model, judge, batch);
    done += batch.length;
  }
  // A list that was cut off by the same signal is no end.
  goOn();
}

async function answerBatch(model: Model, judge: Judge, batch: readonly Prepared[]): Promise<Prediction[]> {
  const readable = batch.flatMap((item) => ('pictures' in item ? [item.pictures] : []));
  const images = model.sizes.map((size, at) => {
    const joined = new Uint8Array(readable.length * size * size * 3);
    readable.forEach((pictures, index) => joined.set(pictures[at]!, index * pictures[at]!.length));
    return joined;
  });
  const answered = readable.length === 0 ? Promise.resolve({}) : model.answer(images, readable.length);
  // Pixels are looked at while the network computes. A failure of either is told here, and once.
  const [size] = model.sizes as [number];
  const readings = readable.map(([data]) => judge.read({ width: size, height: size, data: data! }));
  const outputs: Readonly<Record<string, Float32Array>> = await answered;
  const width = (outputs['embedding']?.length ?? 0) / readable.length;
  let row = -1;
  return batch.map((item) => {
    if ('reason' in item) return failure(model, item.photo, item.reason);
    row += 1;
    const embedding = outputs['embedding']?.subarray(row * width, (row + 1) * width);
    const [at, reading] = [row, readings[row]];
    return interpret(model, item.photo.name, outputs, {
      row: at,
      verdictOf: (answer) => judge.judge({ ...answer, embedding }, reading),
    });
  });
}

/** Turns the row of a batch's outputs into labels and a status. */
function interpret(
  model: Model,
  image: string,
  outputs: Readonly<Record<string, Float32Array>>,
  { row, verdictOf }: { readonly row: number; readonly verdictOf: (answer: Omit<JudgedPhoto, 'embedding'>) => Verdict },
): Prediction {
  const { 'busana.schema': taxonomy, 'busana.provenance': provenance } = model.metadata;
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
  return { image, attributes, joint_confidence: joint, ...verdictOf({ attributes, joint }), model: provenance.name };
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
