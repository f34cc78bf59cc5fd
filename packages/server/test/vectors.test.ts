import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantise, Vectors } from '../src/search/vectors.ts';

const number = fc.integer({ min: -127, max: 127 });
const vectors = fc
  .integer({ min: 1, max: 70 })
  .chain((width) =>
    fc.array(fc.array(number, { minLength: width, maxLength: width }), { minLength: 2, maxLength: 40 }),
  );

function cosine(a: readonly number[], b: readonly number[]): number {
  const product = a.reduce((sum, value, at) => sum + value * b[at]!, 0);
  return product / (Math.hypot(...a) * Math.hypot(...b) || 1);
}

describe('vectors', () => {
  it('are found as comparing with every one finds them', () => {
    fc.assert(
      fc.property(vectors, fc.integer({ min: 1, max: 50 }), ([asked, ...others], limit) => {
        const kept = new Vectors(asked!.length);
        for (const vector of others) kept.put(Int8Array.from(vector));
        const found = kept.nearest(Int8Array.from(asked!), limit);
        const all = others.map((vector) => cosine(asked!, vector)).toSorted((a, b) => b - a);
        expect(found).toHaveLength(Math.min(limit, others.length));
        found.forEach(({ position, similarity }, rank) => {
          expect(similarity).toBeCloseTo(cosine(asked!, others[position]!), 5);
          expect(similarity).toBeCloseTo(all[rank]!, 5);
        });
        expect(new Set(found.map(({ position }) => position)).size).toBe(found.length);
      }),
    );
  });

  it('are kept beyond a block and the first memory', () => {
    const kept = new Vectors(40);
    const vector = (at: number) =>
      Int8Array.from({ length: 40 }, (_, index) => ((at * 31 + index * index * 7) % 251) - 125);
    for (let at = 0; at < 9000; at += 1) kept.put(vector(at));
    expect(kept.count).toBe(9000);
    for (const at of [0, 4095, 4096, 8999])
      expect(kept.nearest(vector(at), 40).map(({ position }) => position)).toContain(at);
    expect(kept.nearest(vector(1), 3)[0]!.similarity).toBeCloseTo(1, 6);
    expect(kept.nearest(new Int8Array(40), 1)).toMatchObject([{ similarity: 0 }]);
  });

  it('take the place of another, and leave the rest as they were', () => {
    const kept = new Vectors(20);
    const axis = (at: number) => Int8Array.from({ length: 20 }, (_, index) => (index === at ? 64 : 0));
    for (let at = 0; at < 10; at += 1) kept.put(axis(at));
    kept.put(axis(15), 3);
    expect(kept.count).toBe(10);
    expect(kept.nearest(axis(15), 1)).toEqual([{ position: 3, similarity: 1 }]);
    expect(kept.nearest(axis(3), 1)[0]!.similarity).toBe(0);
    expect(kept.nearest(axis(4), 1)).toEqual([{ position: 4, similarity: 1 }]);
  });

  it('keep their direction in 8 bits a number', () => {
    const numbers = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 64, maxLength: 64 });
    fc.assert(
      fc.property(numbers, (values) => {
        const vector = Float32Array.from(values);
        fc.pre(Math.hypot(...vector) > 1e-3);
        expect(cosine([...quantise(vector)], [...vector])).toBeGreaterThan(0.995);
      }),
    );
    expect([...quantise(new Float32Array(3))]).toEqual([0, 0, 0]);
    expect([...quantise(Float32Array.of(1, -2, 0.5))]).toEqual([64, -127, 32]);
  });
});
