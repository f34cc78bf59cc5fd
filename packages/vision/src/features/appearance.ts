/** @file What a photo looks like as one vector: photos that look alike point the same way. */
import { labOf } from '../image/lab.ts';
import { edgesOf } from '../data/edges.ts';
import type { Structure } from '../data/structure.ts';

/**
 * What outline and colours count for beside the embedding, each: cosines are weighted means. Measured in
 * results/2026-11-25-catalogue.md.
 */
const WEIGHT = 0.2;
/** Cells of the outline that become one, across and down. */
const POOLED = 2;

/**
 * A model knows what it has learnt; the outline tells it of garments, and things, that it has not, and so do the
 * colours of each place (in CIELAB, as the Color Layout Descriptor of MPEG-7, ISO/IEC 15938-3). Square roots keep few
 * strong features from deciding alone (Perronnin et al. 2010, section 3.2).
 * @param embedding `[D]` @returns `[D + 256 + 192]`
 */
export function appearanceOf(embedding: Float32Array, { grey, colour }: Structure): Float32Array {
  const outline = pooled(edgesOf(grey)).map(Math.sqrt);
  const parts = [scaled(embedding.map(signedRoot), 1), scaled(outline, WEIGHT), scaled(layout(colour), WEIGHT)];
  const joined = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** In this direction, with this square of a length. */
function scaled(vector: Float32Array, weight: number): Float32Array {
  let squares = 0;
  for (const value of vector) squares += value * value;
  const factor = Math.sqrt(weight / (squares || 1));
  return vector.map((value) => value * factor);
}

function signedRoot(value: number): number {
  return Math.sign(value) * Math.sqrt(Math.abs(value));
}

/** Means of squares of cells. */
function pooled(edges: Float32Array): Float32Array {
  const side = Math.sqrt(edges.length) / POOLED;
  const result = new Float32Array(side * side);
  edges.forEach((edge, at) => {
    const [x, y] = [at % (side * POOLED), Math.floor(at / (side * POOLED))];
    result[Math.floor(y / POOLED) * side + Math.floor(x / POOLED)]! += edge / POOLED ** 2;
  });
  return result;
}

/** CIELAB of each place, the lightness upside down: white grounds, which most photos have, are near zero. */
function layout(colour: Uint8Array): Float32Array {
  const values = new Float32Array(colour.length);
  for (let at = 0; at < colour.length; at += 3) {
    const { l, a, b } = labOf(colour[at]!, colour[at + 1]!, colour[at + 2]!);
    values.set([100 - l, a, b], at);
  }
  return values;
}
