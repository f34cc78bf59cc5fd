/** @file The structure of a picture without its colours: where brightness changes, whichever way. */
import { differenceHash, HASH_SIDE } from './difference-hash.ts';

/**
 * Magnitude of the gradient by central differences, neighbours beyond the border taken from it.
 * @param grey uint8 `[side, side]` @returns `[side, side]`, 0..181
 */
export function edgesOf(grey: Uint8Array): Float32Array {
  const side = Math.sqrt(grey.length);
  const at = (x: number, y: number): number =>
    grey[Math.min(side - 1, Math.max(0, y)) * side + Math.min(side - 1, Math.max(0, x))]!;
  return Float32Array.from(grey, (_, index) => {
    const [x, y] = [index % side, Math.floor(index / side)];
    return Math.hypot(at(x + 1, y) - at(x - 1, y), at(x, y + 1) - at(x, y - 1)) / 2;
  });
}

/** Steps of grey between neighbouring cells that count as a change. */
const MARGIN = 4;

/**
 * Difference hash of the edges, averaged over cells. A garment in another colour keeps its outline, its folds and so its
 * hash, also where what was darker than the background is now lighter. Plain parts have no bits.
 * @param edges `[side, side]`, a multiple of the side of the hash
 */
export function edgeHash(edges: Float32Array): Uint32Array {
  const side = Math.sqrt(edges.length);
  const cell = side / HASH_SIDE;
  const values: number[] = [];
  for (let row = 0; row < HASH_SIDE; row += 1) {
    // The last column is compared with the first.
    for (let column = 0; column <= HASH_SIDE; column += 1) {
      let sum = 0;
      for (let y = row * cell; y < (row + 1) * cell; y += 1) {
        const start = y * side + (column % HASH_SIDE) * cell;
        for (let x = start; x < start + cell; x += 1) sum += edges[x]!;
      }
      values.push(sum / cell ** 2);
    }
  }
  return differenceHash(values, MARGIN);
}

/** Pearson correlation, -1..1; 0 where one of them is constant. */
export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [first, second] = [standardised(a), standardised(b)];
  let sum = 0;
  for (let at = 0; at < first.length; at += 1) sum += first[at]! * second[at]!;
  return sum / first.length;
}

/** Mean 0, deviation 1. */
function standardised(values: ArrayLike<number>): Float32Array {
  let [sum, squares] = [0, 0];
  for (let at = 0; at < values.length; at += 1) sum += values[at]!;
  const mean = sum / values.length;
  for (let at = 0; at < values.length; at += 1) squares += (values[at]! - mean) ** 2;
  const deviation = Math.sqrt(squares / values.length) || 1;
  return Float32Array.from(values, (value) => (value - mean) / deviation);
}
