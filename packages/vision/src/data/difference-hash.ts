/** @file Bits that pictures of the same structure have in common: whether each place of a grid is less than the next. */

/** Side of the grid of comparisons: 16 x 16 = 256 bits. */
export const HASH_SIDE = 16;
/** Words of 32 bits that a hash has. */
export const HASH_WORDS = (HASH_SIDE * HASH_SIDE) / 32;

/**
 * Difference hash (Krawetz 2013, "Kind of like that").
 * @param values `[HASH_SIDE, HASH_SIDE + 1]` row-major
 * @param margin by how much the right neighbour must be more; above 0, flat parts give no bits of chance
 * @returns `HASH_WORDS` words
 */
export function differenceHash(values: ArrayLike<number>, margin = 0): Uint32Array {
  const hash = new Uint32Array(HASH_WORDS);
  for (let bit = 0; bit < HASH_SIDE * HASH_SIDE; bit += 1) {
    const at = Math.floor(bit / HASH_SIDE) * (HASH_SIDE + 1) + (bit % HASH_SIDE);
    if (values[at]! + margin < values[at + 1]!) hash[bit >>> 5]! |= 1 << (bit & 31);
  }
  return hash;
}
