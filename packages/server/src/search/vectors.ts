/**
 * @file Vectors in the memory of this process, and which of them are nearest to another: every one is looked at, so that
 * the answer is exact and the same on every database. 100,000 vectors of 1280 numbers are 128 MB; what that takes is in
 * results/2026-11-25-catalogue.md.
 */
import { readFileSync } from 'node:fs';

/** A vector found, with the cosine of the angle between it and the one asked about, -1..1. */
export interface Near {
  /** In the order they were added, from 0. */
  readonly position: number;
  readonly similarity: number;
}

/** What vectors.wat exports; addresses are bytes in the memory. */
interface Loops {
  readonly memory: WebAssembly.Memory;
  readonly products: (query: number, vector: number, end: number, width: number, into: number) => void;
}

/** Vectors whose products are written at once. */
const BLOCK = 4096;
const PAGE = 65_536;
/** Numbers that a loop takes at once. */
const STEP = 16;

/**
 * A vector by its direction alone, in 8 bits a number: cosines change by some thousandths at most.
 * @param vector `[D]` @returns int8 `[D]`, the largest 127 or -127; zeros of zeros
 */
export function quantise(vector: Float32Array): Int8Array {
  const largest = vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  return Int8Array.from(vector, (value) => Math.round((value / largest) * 127));
}

/** Vectors of one length, as many as fit into 4 GB. */
export class Vectors {
  readonly width: number;
  readonly #loops = load();
  /** Bytes from one vector to the next. */
  readonly #stride: number;
  readonly #products: number;
  readonly #first: number;
  /** One divided by the length of each. */
  #scales = new Float32Array(BLOCK);
  #count = 0;

  /** @param width numbers of each */
  constructor(width: number) {
    this.width = width;
    this.#stride = Math.ceil(width / STEP) * STEP;
    this.#products = this.#stride * 2;
    this.#first = this.#products + BLOCK * 4;
  }

  get count(): number {
    return this.#count;
  }

  /** @param vector of {@link quantise} @param position of one that it takes the place of; default: after the last */
  put(vector: Int8Array, position = this.#count): void {
    const { memory } = this.#loops;
    const at = this.#address(position);
    const missing = at + this.#stride - memory.buffer.byteLength;
    // An eighth more than needed: a growing memory may be copied.
    if (missing > 0) memory.grow(Math.ceil((missing + memory.buffer.byteLength / 8) / PAGE));
    // What is beyond the vector is zero: only vectors of this length have been here before.
    new Int8Array(memory.buffer, at, vector.length).set(vector);
    if (position === this.#scales.length) {
      const larger = new Float32Array(position * 2);
      larger.set(this.#scales);
      this.#scales = larger;
    }
    this.#scales[position] = scaleOf(vector);
    this.#count = Math.max(this.#count, position + 1);
  }

  /** The most similar ones, the most similar first; of equals the first added. */
  nearest(vector: Int8Array, limit: number): Near[] {
    const { memory, products } = this.#loops;
    const sums = new Int32Array(memory.buffer, this.#products, BLOCK);
    new Int16Array(memory.buffer, 0, vector.length).set(vector);
    const scale = scaleOf(vector);
    const best: Near[] = [];
    let least = -Infinity;
    for (let begin = 0; begin < this.#count; begin += BLOCK) {
      const end = Math.min(this.#count, begin + BLOCK);
      products(0, this.#address(begin), this.#address(end), this.#stride, this.#products);
      for (let position = begin; position < end; position += 1) {
        const similarity = sums[position - begin]! * this.#scales[position]! * scale;
        if (best.length === limit && similarity <= least) continue;
        best.splice(placeOf(best, similarity), 0, { position, similarity });
        best.length = Math.min(best.length, limit);
        least = best.at(-1)?.similarity ?? Infinity;
      }
    }
    return best;
  }

  #address(position: number): number {
    return this.#first + position * this.#stride;
  }
}

/** After all that are at least as similar. */
function placeOf(best: readonly Near[], similarity: number): number {
  let [low, high] = [0, best.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (best[middle]!.similarity >= similarity) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** One divided by the length. */
function scaleOf(vector: Int8Array): number {
  let squares = 0;
  for (const value of vector) squares += value * value;
  return 1 / (Math.sqrt(squares) || 1);
}

function load(): Loops {
  const module = new WebAssembly.Module(readFileSync(new URL('./vectors.wasm', import.meta.url)));
  const { memory, products } = new WebAssembly.Instance(module).exports;
  if (!(memory instanceof WebAssembly.Memory) || !isFunction(products)) {
    throw new Error('vectors.wasm is not what vectors.wat says');
  }
  return { memory, products };
}

function isFunction(value: unknown): value is (...parameters: readonly number[]) => void {
  return typeof value === 'function';
}
