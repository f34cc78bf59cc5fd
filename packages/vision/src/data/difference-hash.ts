import sharp from 'sharp';
import type { Picture } from '../image/picture.ts';

/** Side of the grid of comparisons: 16 x 16 = 256 bits. */
const SIDE = 16;
/** Words of 32 bits that a hash has. */
export const HASH_WORDS = (SIDE * SIDE) / 32;
/** Side of the thumbnail that confirms a candidate pair. */
const THUMBNAIL = 32;
/** Pixels of a thumbnail. */
export const THUMBNAIL_PIXELS = THUMBNAIL ** 2;

/** What near-duplicates are found by. */
export interface Signature {
  /** 256 bits as eight words: whether each cell of a 17 x 16 grey picture is darker than its right neighbour. */
  readonly hash: Uint32Array;
  /** Grey thumbnail, uint8 `[THUMBNAIL, THUMBNAIL]`. */
  readonly thumbnail: Uint8Array;
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
  const hash = new Uint32Array(HASH_WORDS);
  for (let bit = 0; bit < SIDE * SIDE; bit += 1) {
    const at = Math.floor(bit / SIDE) * (SIDE + 1) + (bit % SIDE);
    if (grid[at]! < grid[at + 1]!) hash[bit >>> 5]! |= 1 << (bit & 31);
  }
  return { hash, thumbnail: await shrunk(THUMBNAIL, THUMBNAIL) };
}

/** Pearson correlation of two thumbnails, -1..1: the same structure at any brightness and contrast gives 1. */
export function correlation(a: Uint8Array, b: Uint8Array): number {
  const [first, second] = [standardised(a), standardised(b)];
  let sum = 0;
  for (let at = 0; at < first.length; at += 1) sum += first[at]! * second[at]!;
  return sum / first.length;
}

/** Mean 0, deviation 1. */
function standardised(grey: Uint8Array): Float32Array {
  const mean = grey.reduce((sum, value) => sum + value, 0) / grey.length;
  const deviation = Math.sqrt(grey.reduce((sum, value) => sum + (value - mean) ** 2, 0) / grey.length) || 1;
  return Float32Array.from(grey, (value) => (value - mean) / deviation);
}
