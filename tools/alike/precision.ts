/** @file How many of the photos that look most alike share a label: precision at k, over every photo against all others. */
import { quantise, Vectors } from '../../packages/server/src/search/vectors.ts';

/** Neighbours that are looked at. */
const K = 5;

export interface Looked {
  readonly appearance: Float32Array;
  /** Labels by attribute. */
  readonly labels: Readonly<Record<string, string>>;
}

/** Precision at {@link K} of each photo, by attribute, in the order given. */
export function precisions(photos: readonly Looked[], attributes: readonly string[]): Record<string, number[]> {
  const kept = new Vectors(photos[0]!.appearance.length);
  const vectors = photos.map(({ appearance }) => quantise(appearance));
  for (const vector of vectors) kept.put(vector);
  const result: Record<string, number[]> = Object.fromEntries(attributes.map((name) => [name, []]));
  photos.forEach(({ labels }, at) => {
    const near = kept
      .nearest(vectors[at]!, K + 1)
      .filter(({ position }) => position !== at)
      .slice(0, K);
    for (const name of attributes) {
      const same = near.filter(({ position }) => photos[position]!.labels[name] === labels[name]).length;
      result[name]!.push(same / K);
    }
  });
  return result;
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
