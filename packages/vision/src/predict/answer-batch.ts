/** @file What a model says of a batch of prepared photos: labels, confidence, a status, and embeddings. */
import type { Prediction, Reason } from '@busana/contracts';
import type { PictureReader } from './picture-reader.ts';
import { reasonText } from './reason-text.ts';
import type { Prepared, UnreadablePhoto } from './prepare-photo.ts';

/** What is known of one photo. */
export interface Answer {
  readonly prediction: Prediction;
  /** Each reason of `prediction.reason`; empty when it is accepted. */
  readonly reasons: readonly string[];
  /** The same for programs, one for each; empty where nothing could be read. */
  readonly doubts: readonly Reason[];
  /** `[D]`; undefined for a photo that cannot be read, and of a model that gives none. */
  readonly embedding: Float32Array | undefined;
}

/** One answer per photo of a batch, in the order given; what cannot be read gets the status `error`. */
export async function answerBatch(reader: PictureReader, batch: readonly Prepared[]): Promise<Answer[]> {
  const readable = batch.flatMap((item) => ('pictures' in item ? [item.pictures] : []));
  const images = reader.sizes.map((size, at) => {
    const joined = new Uint8Array(readable.length * size * size * 3);
    readable.forEach((pictures, index) => joined.set(pictures[at]!, index * pictures[at]!.length));
    return joined;
  });
  const readings = readable.length === 0 ? [] : await reader.read(images, readable.length);
  const { 'busana.provenance': { name: model }, 'busana.schema': schema } = reader.metadata; // prettier-ignore
  let row = -1;
  return batch.map((item): Answer => {
    if ('reason' in item) return failure(model, item);
    row += 1;
    const { attributes, joint, status, doubts, embedding } = readings[row]!;
    const reasons = doubts.map((doubt) => reasonText(doubt, schema));
    const verdict = { status, reason: reasons.join('; '), model };
    return {
      prediction: { image: item.photo.name, attributes: [...attributes], joint_confidence: joint, ...verdict },
      ...{ reasons, doubts, embedding },
    };
  });
}

function failure(model: string, { photo, reason }: UnreadablePhoto): Answer {
  const nothing = { attributes: [], joint_confidence: 0, status: 'error' as const };
  return {
    prediction: { image: photo.name, ...nothing, reason, model },
    reasons: [reason],
    doubts: [],
    embedding: undefined,
  };
}
