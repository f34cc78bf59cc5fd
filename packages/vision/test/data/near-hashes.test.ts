import { Random } from '@busana/engine';
import { describe, expect, it } from 'vitest';
import { HASH_WORDS } from '../../src/data/difference-hash.ts';
import { nearPairs, type NearPair } from '../../src/data/near-hashes.ts';

const BITS = HASH_WORDS * 32;

/** A hash with this many bits of another turned, at random places. */
function turned(random: Random, hash: Uint32Array, bits: number): Uint32Array {
  const copy = hash.slice();
  const places = random.shuffle(Array.from({ length: BITS }, (_, bit) => bit)).slice(0, bits);
  for (const bit of places) copy[bit >>> 5]! ^= 1 << (bit & 31);
  return copy;
}

function drawn(random: Random): Uint32Array {
  return Uint32Array.from({ length: HASH_WORDS }, () => random.integer(0, 2 ** 32 - 1));
}

function joined(hashes: readonly Uint32Array[]): Uint32Array {
  return Uint32Array.from(hashes.flatMap((hash) => [...hash]));
}

/** All with all. */
function exhaustive(hashes: readonly Uint32Array[], most: number): NearPair[] {
  const pairs: NearPair[] = [];
  hashes.forEach((b, second) =>
    hashes.slice(0, second).forEach((a, first) => {
      const distance = a.reduce(
        (sum, word, at) => sum + ((word ^ b[at]!) >>> 0).toString(2).replace(/0/g, '').length,
        0,
      );
      if (distance <= most) pairs.push({ first, second, distance });
    }),
  );
  return pairs;
}

describe('nearPairs', () => {
  it('finds what comparing all with all finds, at every distance, each once and in order', () => {
    const random = Random.of('near');
    const seeds = Array.from({ length: 6 }, () => drawn(random));
    const hashes = seeds.flatMap((seed) => [seed, ...[0, 1, 4, 7, 8, 9, 12].map((bits) => turned(random, seed, bits))]);
    const shuffled = random.shuffle(hashes);
    const expected = exhaustive(shuffled, 8);
    expect(expected.length).toBeGreaterThan(30);
    expect(new Set(expected.map(({ distance }) => distance)).has(8)).toBe(true);
    expect(nearPairs(joined(shuffled), 8)).toEqual(expected);
  });

  it('finds pairs that differ in one bit of each band but one', () => {
    const hash = drawn(Random.of('bands'));
    for (let spared = 0; spared < 9; spared += 1) {
      const other = hash.slice();
      for (let band = 0; band < 9; band += 1) if (band !== spared) other[0]! ^= 1 << band;
      expect(nearPairs(joined([hash, other]), 8)).toEqual([{ first: 0, second: 1, distance: 8 }]);
    }
  });

  it('is done with 40,000 hashes in a moment', () => {
    const random = Random.of('many');
    const hashes = joined(Array.from({ length: 40_000 }, () => drawn(random)));
    hashes.copyWithin(39_999 * HASH_WORDS, 0, HASH_WORDS);
    const start = performance.now();
    expect(nearPairs(hashes, 8)).toEqual([{ first: 0, second: 39_999, distance: 0 }]);
    // Comparing all with all takes a minute where this takes a second.
    expect(performance.now() - start).toBeLessThan(15_000);
  });
});
