/**
 * @file How unlike a photo is to all that a model has learnt from: the distance to the k-th nearest reference (Sun, Ming,
 * Zhu and Li 2022, "Out-of-distribution detection with deep nearest neighbors", section 3), in 1 - cosine.
 */
import type { Familiarity } from '@busana/contracts';

/** Embeddings, float32 `[count, width]` row-major. */
export interface Embeddings {
  readonly width: number;
  readonly values: Float32Array;
}

/** References, each scaled so that its largest number is 127, and 1 / length of each. */
export interface References {
  readonly width: number;
  readonly values: Int8Array;
  readonly inverseLengths: Float64Array;
}

/** Neighbours looked at; a single odd photo among the references does not make its like familiar. */
export const NEIGHBOURS = 5;

/** In 8 bits: a quarter of the size, and cosines to two parts in a thousand. */
export function asReferences({ width, values }: Embeddings): References {
  const scaled = new Int8Array(values.length);
  for (let row = 0; row < values.length; row += width) {
    let largest = 1e-12;
    for (let at = row; at < row + width; at += 1) largest = Math.max(largest, Math.abs(values[at]!));
    for (let at = row; at < row + width; at += 1) scaled[at] = Math.round((values[at]! / largest) * 127);
  }
  return withLengths(width, scaled);
}

function withLengths(width: number, values: Int8Array): References {
  const inverseLengths = new Float64Array(values.length / width);
  for (let row = 0; row < inverseLengths.length; row += 1) {
    let sum = 0;
    for (let at = row * width; at < (row + 1) * width; at += 1) sum += values[at]! * values[at]!;
    inverseLengths[row] = 1 / Math.sqrt(Math.max(sum, 1e-12));
  }
  return { width, values, inverseLengths };
}

/** As the model file has them. */
export function encodeReferences({ values }: References): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');
}

export function decodeReferences({ width, references }: Familiarity): References {
  const bytes = Buffer.from(references, 'base64');
  return withLengths(width, new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}

/**
 * Distance of an embedding to its k-th nearest reference: 0 the same direction, 1 at right angles, 2 opposite.
 * @param embedding `[width]`
 * @param leaveOut position of a reference that does not count, for the reference itself
 */
export function distanceTo(
  { width, values, inverseLengths }: References,
  embedding: Float32Array,
  neighbours = NEIGHBOURS,
  leaveOut = -1,
): number {
  let length = 0;
  for (let at = 0; at < width; at += 1) length += embedding[at]! * embedding[at]!;
  const scale = 1 / Math.sqrt(Math.max(length, 1e-24));
  /** The largest cosines so far, the smallest of them first. */
  const best: number[] = [];
  for (let row = 0; row < inverseLengths.length; row += 1) {
    if (row === leaveOut) continue;
    let dot = 0;
    for (let at = 0, from = row * width; at < width; at += 1) dot += embedding[at]! * values[from + at]!;
    const cosine = dot * scale * inverseLengths[row]!;
    if (best.length === neighbours && cosine <= best[0]!) continue;
    if (best.length === neighbours) best.shift();
    const place = best.findIndex((other) => other > cosine);
    best.splice(place < 0 ? best.length : place, 0, cosine);
  }
  return 1 - (best[0] ?? -1);
}

/** The q-quantile of values, 0 <= q <= 1: the smallest that at least that share lies at or below. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)]!;
}
