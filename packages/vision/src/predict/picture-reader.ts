/** @file What a model and the pixels say of pictures that are ready for it. */
import type { ArtifactMetadata, AttributePrediction } from '@busana/contracts';
import type { Model } from '../artifact/model.ts';
import { labelOf } from '../taxonomy/names.ts';
import { Judge, type Verdict } from './judge.ts';

/** What is known of one picture. */
export interface Reading extends Verdict {
  readonly attributes: readonly AttributePrediction[];
  /** Probability that all labels are right, 0..1. */
  readonly joint: number;
  /** `[D]`; undefined of a model that gives none. */
  readonly embedding: Float32Array | undefined;
}

/** A model that reads pictures, wherever it computes. */
export interface PictureReader {
  readonly metadata: ArtifactMetadata;
  /** Sides of the square pictures that it takes. */
  readonly sizes: readonly number[];
  /**
   * @param images the same photos at each of the sizes: uint8 `[count, size, size, 3]`; who reads them elsewhere takes them away
   * @returns one per photo, in their order
   */
  readonly read: (images: readonly Uint8Array<ArrayBuffer>[], count: number) => Promise<readonly Reading[]>;
}

/** Reads where it is called. */
export function readerOf(model: Model): PictureReader {
  const { metadata, sizes } = model;
  const judge = new Judge(metadata);
  const [side] = sizes as [number];
  const length = side * side * 3;
  return {
    metadata,
    sizes,
    async read(images, count) {
      const outputs = await model.answer(images, count);
      const width = (outputs['embedding']?.length ?? 0) / count;
      return Array.from({ length: count }, (_, row): Reading => {
        const data = images[0]!.subarray(row * length, (row + 1) * length);
        const embedding = outputs['embedding']?.slice(row * width, (row + 1) * width);
        const labels = readLabels(metadata, outputs, row);
        const pixels = judge.read({ width: side, height: side, data });
        return { ...labels, embedding, ...judge.judge({ ...labels, embedding }, pixels) };
      });
    },
  };
}

/** The row of a batch's outputs as labels, and the probability that all of them are right. */
function readLabels(
  metadata: ArtifactMetadata,
  outputs: Readonly<Record<string, Float32Array>>,
  row: number,
): Pick<Reading, 'attributes' | 'joint'> {
  const attributes = metadata['busana.schema'].attributes.map(({ name, values }): AttributePrediction => {
    const probabilities = outputs[name]!.subarray(row * values.length, (row + 1) * values.length);
    const best = probabilities.indexOf(Math.max(...probabilities));
    const value = values[best]!;
    return {
      name,
      code: value.code,
      label: labelOf(value),
      confidence: probabilities[best]!,
      probabilities: Object.fromEntries(values.map((value, index) => [value.code, probabilities[index]!])),
    };
  });
  return { attributes, joint: attributes.reduce((product, { confidence }) => product * confidence, 1) };
}
