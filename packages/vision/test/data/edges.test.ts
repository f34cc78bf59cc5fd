import { Random } from '@busana/engine';
import { describe, expect, it } from 'vitest';
import { HASH_WORDS } from '../../src/data/difference-hash.ts';
import { correlation, edgeHash, edgesOf } from '../../src/data/edges.ts';

const SIDE = 32;

/** A garment-like patch with folds on a white ground; `shade` of the cloth. */
function patch(shade: number, seed = 0): Uint8Array {
  const random = Random.of('patch', seed);
  const folds = Array.from({ length: 6 }, () => random.integer(9, 22));
  return Uint8Array.from({ length: SIDE * SIDE }, (_, index) => {
    const [x, y] = [index % SIDE, Math.floor(index / SIDE)];
    const inside = x >= 8 && x < 24 && y >= 5 && y < 28;
    return inside ? shade + (folds[y % 6] === x ? 20 : 0) : 250;
  });
}

describe('edges', () => {
  it('are gradients by central differences', () => {
    const ramp = Uint8Array.from({ length: 16 }, (_, index) => (index % 4) * 10 + Math.floor(index / 4) * 4);
    // 10 a column and 4 a row; half of it where the neighbour is missing.
    expect(edgesOf(ramp)[5]).toBeCloseTo(Math.hypot(10, 4), 5);
    expect(edgesOf(ramp)[0]).toBeCloseTo(Math.hypot(5, 2), 5);
  });

  it('are the same structure in a light and in a dark colour, and another in another garment', () => {
    const [dark, light, other] = [edgesOf(patch(20)), edgesOf(patch(200)), edgesOf(patch(20, 1))];
    expect(correlation(dark, edgesOf(patch(60)))).toBeGreaterThan(0.99);
    const flat = new Float32Array(SIDE * SIDE);
    expect(correlation(flat, dark)).toBe(0);
    expect(correlation(dark, other)).toBeLessThan(correlation(dark, edgesOf(patch(90))));
    expect(light).not.toEqual(dark);
  });

  it('give a hash without bits where there are none, and the same one when brightness is turned round', () => {
    expect([...edgeHash(new Float32Array(SIDE * SIDE))]).toEqual(new Array(HASH_WORDS).fill(0));
    const grey = patch(60);
    const turned = Uint8Array.from(grey, (value) => 255 - value);
    expect(edgeHash(edgesOf(turned))).toEqual(edgeHash(edgesOf(grey)));
  });
});
