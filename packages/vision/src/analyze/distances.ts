/** @file How far photos are from those most like them. */
import { compileForward, floats, Random, type Forward } from '@busana/engine';
import type { TrainingInputs } from '../train/inputs.ts';

/**
 * Distances are taken to so many photos at most, drawn at random: outliers of 100,000 photos stand out as well from a
 * sample (Sugiyama and Borgwardt 2013, "Rapid distance-based outlier detection via sampling").
 */
const MOST_REFERENCES = 4000;
/** Photos per matrix product. */
const BATCH = 256;

export interface DistancesOptions {
  /** Embeddings of the photos. */
  readonly inputs: Pick<TrainingInputs, 'read'>;
  /** Group of each photo; copies of a photo do not make it a common one. */
  readonly groupOf: readonly number[];
  /** How many of the nearest count. */
  readonly neighbours: number;
  readonly threads: number;
  readonly seed: number;
  readonly onProgress: (done: number, total: number) => void;
}

export interface Distances {
  /** Mean of 1 - cosine to the nearest photos, 0..2; 0 where there is no other photo. */
  readonly means: Float64Array;
  /** Position of the nearest photo; the photo itself where there is no other. */
  readonly nearest: Int32Array;
  /** Photos that distances were taken to. */
  readonly references: number;
}

export async function neighbourDistances(options: DistancesOptions): Promise<Distances> {
  const { inputs, groupOf, neighbours, threads, seed, onProgress } = options;
  const count = groupOf.length;
  const all = groupOf.map((_, photo) => photo);
  const references =
    count <= MOST_REFERENCES ? all : Random.of(seed, 'references').shuffle(all).slice(0, MOST_REFERENCES);
  const means = new Float64Array(count);
  const nearest = Int32Array.from(all);
  const similarity = await compileSimilarity(await directions(inputs, references), references.length, threads);
  try {
    for (let start = 0; start < count; start += BATCH) {
      const photos = all.slice(start, start + BATCH);
      const rows = await directions(inputs, photos);
      const width = rows.length / photos.length;
      const outputs = await similarity.run({ rows: floats([photos.length, width], rows) });
      const cosines = outputs['cosines']!.data as Float32Array;
      photos.forEach((photo, row) => {
        const own = cosines.subarray(row * references.length, (row + 1) * references.length);
        const best = largest(own, neighbours, (at) => groupOf[references[at]!] !== groupOf[photo]);
        if (best.length === 0) return;
        means[photo] = best.reduce((sum, at) => sum + Math.max(0, 1 - own[at]!), 0) / best.length;
        nearest[photo] = references[best[0]!]!;
      });
      onProgress(start + photos.length, count);
    }
  } finally {
    await similarity.release();
  }
  return { means, nearest, references: references.length };
}

/** Embeddings of length 1, `[photos.length, width]`. */
async function directions(inputs: Pick<TrainingInputs, 'read'>, photos: readonly number[]): Promise<Float32Array> {
  const { data } = await inputs.read(photos);
  const rows = Float32Array.from(data as Float32Array);
  const width = rows.length / photos.length;
  for (let start = 0; start < rows.length; start += width) {
    const row = rows.subarray(start, start + width);
    const length = Math.sqrt(row.reduce((sum, value) => sum + value ** 2, 0)) || 1;
    row.forEach((value, index) => (row[index] = value / length));
  }
  return rows;
}

/** Products of rows `[N, width]` with every reference. */
function compileSimilarity(references: Float32Array, count: number, threads: number): Promise<Forward> {
  const width = references.length / count;
  return compileForward({
    build({ graph }) {
      const rows = graph.input('rows', 'float32', ['N', width]);
      const columns = graph.op('Transpose', [graph.constant(floats([count, width], references))], { perm: [1, 0] });
      return { cosines: graph.op('MatMul', [rows, columns]) };
    },
    parameters: new Map(),
    session: threads === 0 ? {} : { threads },
  });
}

/** Positions of the largest values that are allowed, the largest first. */
function largest(values: Float32Array, count: number, allowed: (position: number) => boolean): number[] {
  const best: number[] = [];
  for (let position = 0; position < values.length; position += 1) {
    const last = best.at(-1);
    if (best.length === count && values[position]! <= values[last!]!) continue;
    if (!allowed(position)) continue;
    let at = best.length;
    while (at > 0 && values[best[at - 1]!]! < values[position]!) at -= 1;
    best.splice(at, 0, position);
    if (best.length > count) best.pop();
  }
  return best;
}
