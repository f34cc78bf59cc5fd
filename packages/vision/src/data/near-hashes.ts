/** @file Pairs of hashes that differ in few bits, found without comparing all with all. */
import { HASH_WORDS } from './difference-hash.ts';

export interface NearPair {
  /** Positions of the hashes, the smaller first. */
  readonly first: number;
  readonly second: number;
  /** Bits that differ. */
  readonly distance: number;
}

/**
 * Multi-index hashing (Norouzi, Punjani and Fleet 2012, "Fast search in Hamming space with multi-index hashing"): of
 * `most + 1` bands of bits, hashes that differ in `most` bits have one in common. Only hashes with an equal band are
 * compared; random ones hardly ever have one. A band takes every so-manieth bit, from all over the picture: pictures with
 * the same plain background would have whole rows of bits in common.
 * @param hashes `[count * HASH_WORDS]` words @param most bits that may differ
 * @returns ordered by the second, then the first
 */
export function nearPairs(hashes: Uint32Array, most: number): NearPair[] {
  const count = hashes.length / HASH_WORDS;
  const bands = most + 1;
  const keys = Array.from({ length: bands }, (_, band) => bandKeys(hashes, count, band, bands));
  const pairs: NearPair[] = [];
  keys.forEach((ofBand, band) => {
    const order = Uint32Array.from({ length: count }, (_, index) => index).sort(
      (a, b) => ofBand[a]! - ofBand[b]! || a - b,
    );
    for (let start = 0, end = 0; start < count; start = end) {
      while (end < count && ofBand[order[end]!] === ofBand[order[start]!]) end += 1;
      for (let i = start; i < end; i += 1) {
        for (let j = i + 1; j < end; j += 1) {
          const [first, second] = [order[i]!, order[j]!];
          const distance = hammingDistance(hashes, first, second, most);
          if (distance > most) continue;
          // A pair with several equal bands is found by the first of them.
          if (keys.slice(0, band).some((earlier) => earlier[first] === earlier[second])) continue;
          pairs.push({ first, second, distance });
        }
      }
    }
  });
  return pairs.sort((a, b) => a.second - b.second || a.first - b.first);
}

/** Bits `band`, `band + bands`, … of each hash as one number of up to 52 bits. */
function bandKeys(hashes: Uint32Array, count: number, band: number, bands: number): Float64Array {
  const keys = new Float64Array(count);
  for (let index = 0; index < count; index += 1) {
    let key = 0;
    for (let bit = band; bit < HASH_WORDS * 32; bit += bands) {
      key = key * 2 + ((hashes[index * HASH_WORDS + (bit >>> 5)]! >>> (bit & 31)) & 1);
    }
    keys[index] = key;
  }
  return keys;
}

/** Number of bits that differ; where it is above `most`, any number above. */
export function hammingDistance(hashes: Uint32Array, first: number, second: number, most = Infinity): number {
  let distance = 0;
  for (let word = 0; word < HASH_WORDS && distance <= most; word += 1) {
    distance += bitCount(hashes[first * HASH_WORDS + word]! ^ hashes[second * HASH_WORDS + word]!);
  }
  return distance;
}

function bitCount(word: number): number {
  let v = word - ((word >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
