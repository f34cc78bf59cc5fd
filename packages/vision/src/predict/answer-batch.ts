/** @file What a model says of a batch of prepared photos: labels, confidence, a status, and embeddings. */
import type { AttributePrediction, Prediction } from '@busana/contracts';
import type { Model } from '../artifact/model.ts';
import { Judge } from './judge.ts';
import type { Prepared, UnreadablePhoto } from './prepare-photo.ts';

/** What is known of one photo. */
export interface Answer {
  readonly prediction: Prediction;
  /** Each reason of `prediction.reason`; empty when it is accepted. */
  readonly reasons: readonly string[];
  /** `[D]`; undefined for a photo that cannot be read, and of a model that gives none. */
  readonly embedding: Float32Array | undefined;
}

/** Answers batches, one answer per photo in the order given; what cannot be read gets the status `error`. */
export function batchAnswerer(model: Model): (batch: readonly Prepared[]) => Promise<Answer[]> {
  const judge = new Judge(model.metadata);
  return (batch) => answerBatch(model, judge, batch);
}

async function answerBatch(model: Model, judge: Judge, batch: readonly Prepared[]): Promise<Answer[]> {
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
  return batch.map((item): Answer => {
    if ('reason' in item) return failure(model, item);
    row += 1;
    const embedding = outputs['embedding']?.slice(row * width, (row + 1) * width);
    const { attributes, joint } = readLabels(model, outputs, row);
    const { status, reasons } = judge.judge({ attributes, joint, embedding }, readings[row]);
    const { name } = model.metadata['busana.provenance'];
    const verdict = { status, reason: reasons.join('; '), model: name };
    return {
      prediction: { image: item.photo.name, attributes, joint_confidence: joint, ...verdict },
      reasons,
      embedding,
    };
  });
}

/** The row of a batch's outputs as labels, and the probability that all of them are right. */
function readLabels(
  model: Model,
  outputs: Readonly<Record<string, Float32Array>>,
  row: number,
): { attributes: AttributePrediction[]; joint: number } {
  const attributes = model.metadata['busana.schema'].attributes.map(({ name, values }): AttributePrediction => {
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
  return { attributes, joint: attributes.reduce((product, { confidence }) => product * confidence, 1) };
}

function failure(model: Model, { photo, reason }: UnreadablePhoto): Answer {
  const { name } = model.metadata['busana.provenance'];
  const nothing = { attributes: [], joint_confidence: 0, status: 'error' as const };
  return {
    prediction: { image: photo.name, ...nothing, reason, model: name },
    reasons: [reason],
    embedding: undefined,
  };
}
