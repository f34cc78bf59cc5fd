/**
 * @file How unlike a photo is to all that a model has learnt from: 1 - cosine to the nearest mean embedding of a class. It is
 * the nearest-class-mean form of the distance of Lee et al. 2018 ("A simple unified framework for detecting
 * out-of-distribution samples", section 2), with angles in place of a covariance; the comparison that chose it is in
 * results/2026-11-25-doubtful-photos.md.
 */
import type { Familiarity } from '@busana/contracts';

/** Mean directions of classes, each of length 1: float32 `[classes, width]` row-major. */
export interface ClassMeans {
  readonly width: number;
  readonly values: Float32Array;
}

/**
 * @param embeddings of photos, each `[width]`
 * @param classes what each photo shows; photos of the same class have equal keys
 * @param most classes at most: the most frequent
 */
export function classMeans(embeddings: readonly Float32Array[], classes: readonly string[], most: number): ClassMeans {
  const width = embeddings[0]!.length;
  const sums = new Map<string, { count: number; readonly sum: Float64Array }>();
  embeddings.forEach((embedding, photo) => {
    const entry = sums.get(classes[photo]!) ?? { count: 0, sum: new Float64Array(width) };
    sums.set(classes[photo]!, entry);
    const scale = 1 / lengthOf(embedding);
    entry.count += 1;
    embedding.forEach((value, at) => (entry.sum[at]! += value * scale));
  });
  const kept = [...sums.values()].sort((a, b) => b.count - a.count).slice(0, most);
  const values = new Float32Array(kept.length * width);
  kept.forEach(({ sum }, row) => {
    const scale = 1 / lengthOf(sum);
    sum.forEach((value, at) => (values[row * width + at] = value * scale));
  });
  return { width, values };
}

/** As the model file has them. */
export function encodeMeans({ values }: ClassMeans): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');
}

export function decodeMeans({ width, means }: Familiarity): ClassMeans {
  const bytes = Uint8Array.from(Buffer.from(means, 'base64'));
  return { width, values: new Float32Array(bytes.buffer) };
}

/** Distance of an embedding to the nearest mean: 0 the same direction, 1 at right angles, 2 opposite. */
export function distanceTo({ width, values }: ClassMeans, embedding: Float32Array): number {
  let nearest = -Infinity;
  for (let from = 0; from < values.length; from += width) {
    let dot = 0;
    for (let at = 0; at < width; at += 1) dot += embedding[at]! * values[from + at]!;
    nearest = Math.max(nearest, dot);
  }
  return Math.min(2, Math.max(0, 1 - nearest / lengthOf(embedding)));
}

function lengthOf(values: Float32Array | Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.max(1e-12, Math.sqrt(sum));
}

/** The q-quantile of values, 0 <= q <= 1: the smallest that at least that share lies at or below. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)]!;
}
