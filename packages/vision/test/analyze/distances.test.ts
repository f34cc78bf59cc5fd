import { floats, Random } from '@busana/engine';
import { describe, expect, it } from 'vitest';
import { neighbourDistances } from '../../src/analyze/distances.ts';

const WIDTH = 6;

/** What reads embeddings as training does. */
function inputsOf(rows: readonly (readonly number[])[]) {
  return {
    read: (photos: readonly number[]) =>
      Promise.resolve(floats([photos.length, WIDTH], Float32Array.from(photos.flatMap((photo) => rows[photo]!)))),
  };
}

/** Embeddings near one direction. */
function cloud(random: Random, count: number): number[][] {
  return Array.from({ length: count }, () => Array.from({ length: WIDTH }, () => 1 + random.normal(0, 0.2)));
}

const settings = { neighbours: 3, threads: 1, seed: 0, onProgress: () => undefined };
const cosine = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, x, i) => sum + x * b[i]!, 0) / Math.hypot(...a) / Math.hypot(...b);

describe('distances to the nearest photos', () => {
  it('are the mean of 1 - cosine to the nearest of other groups', async () => {
    const rows = cloud(Random.of('cloud'), 40);
    const groupOf = rows.map((_, photo) => (photo === 7 ? 3 : photo));
    const { means, nearest, references } = await neighbourDistances({ inputs: inputsOf(rows), groupOf, ...settings });
    expect(references).toBe(40);
    rows.forEach((row, photo) => {
      const others = rows
        .map((other, at) => ({ at, distance: 1 - cosine(row, other) }))
        .filter(({ at }) => groupOf[at] !== groupOf[photo])
        .sort((a, b) => a.distance - b.distance);
      expect(nearest[photo]).toBe(others[0]!.at);
      expect(means[photo]).toBeCloseTo(others.slice(0, 3).reduce((sum, { distance }) => sum + distance, 0) / 3, 5);
    });
  });

  it('are largest for a stranger, also among more photos than distances are taken to', async () => {
    const rows = [...cloud(Random.of('many'), 4500), [1, -1, 1, -1, 1, -1]];
    const groupOf = rows.map((_, photo) => photo);
    const { means, references } = await neighbourDistances({ inputs: inputsOf(rows), groupOf, ...settings });
    expect(references).toBe(4000);
    expect(means.indexOf(Math.max(...means))).toBe(4500);
    expect(means[4500]).toBeGreaterThan(0.4);
  });

  it('of a stranger and its copies stay large, and a photo alone has none', async () => {
    const rows = [...cloud(Random.of('copies'), 20), [1, -1, 1, -1, 1, -1], [1, -1, 1, -1, 1, -1]];
    const groupOf = rows.map((_, photo) => Math.min(photo, 20));
    const { means } = await neighbourDistances({ inputs: inputsOf(rows), groupOf, ...settings });
    expect(Math.min(means[20]!, means[21]!)).toBeGreaterThan(Math.max(...means.subarray(0, 20)));
    const alone = await neighbourDistances({ inputs: inputsOf(rows.slice(0, 1)), groupOf: [0], ...settings });
    expect([...alone.means, ...alone.nearest]).toEqual([0, 0]);
  });
});
