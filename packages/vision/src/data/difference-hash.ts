import sharp from 'sharp';
import type { Picture } from '../image/picture.ts';

/** Side of the grid of comparisons: 16 x 16 = 256 bits. */
const SIDE = 16;
/** Side of the thumbnail that confirms a candidate pair. */
const THUMBNAIL = 32;

/** What near-duplicates are found by. */
export interface Signature {
  /** 256 bits as eight words: whether each cell of a 17 x 16 grey picture is darker than its right neighbour. */
  readonly hash: Uint32Array;
  /** Grey thumbnail `[THUMBNAIL, THUMBNAIL]`, mean 0, deviation 1. */
  readonly thumbnail: Float32Array;
}

/** Difference hash (Krawetz 2013, "Kind of like that") and a thumbnail, both without regard to colour. */
export async function signatureOf({ data, width, height }: Picture): Promise<Signature> {
  const shrunk = (columns: number, rows: number): Promise<Buffer> =>
    sharp(data, { raw: { width, height, channels: 3 } })
      .greyscale()
      .resize(columns, rows, { fit: 'fill', kernel: 'lanczos3' })
      .raw()
      .toBuffer();
  const grid = await shrunk(SIDE + 1, SIDE);
  const hash = new Uint32Array((SIDE * SIDE) / 32);
  for (let bit = 0; bit < SIDE * SIDE; bit += 1) {
    const at = Math.floor(bit / SIDE) * (SIDE + 1) + (bit % SIDE);
    if (grid[at]! < grid[at + 1]!) hash[bit >>> 5]! |= 1 << (bit & 31);
  }
  return { hash, thumbnail: standardised(await shrunk(THUMBNAIL, THUMBNAIL)) };
}

/** Number of bits that differ. */
export function hammingDistance(a: Uint32Array, b: Uint32Array): number {
  let distance = 0;
  for (let word = 0; word < a.length; word += 1) distance += bitCount(a[word]! ^ b[word]!);
  return distance;
}

/** Pearson correlation of two thumbnails, -1..1: the same structure at any brightness and contrast gives 1. */
export function correlation(a: Signature, b: Signature): number {
  let sum = 0;
  for (let at = 0; at < a.thumbnail.length; at += 1) sum += a.thumbnail[at]! * b.thumbnail[at]!;
  return sum / a.thumbnail.length;
}

function standardised(grey: Uint8Array): Float32Array {
  const mean = grey.reduce((sum, value) => sum + value, 0) / grey.length;
  const deviation = Math.sqrt(grey.reduce((sum, value) => sum + (value - mean) ** 2, 0) / grey.length) || 1;
  return Float32Array.from(grey, (value) => (value - mean) / deviation);
}

function bitCount(word: number): number {
  let v = word - ((word >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
