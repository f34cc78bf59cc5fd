import { familiaritySchema } from '@busana/contracts';
import { Random } from '@busana/engine';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classMeans, decodeMeans, distanceTo, quantile } from '../../src/artifact/familiarity.ts';
import { loadModel } from '../../src/artifact/model.ts';
import { describeFamiliarity, learnMeans } from '../../src/train/familiarity.ts';
import { folderWith } from '../support/temporary.ts';
import { tinyModel } from '../support/tiny-model.ts';

const width = 24;
const embeddings = (seed: number, count: number, middle = 0): Float32Array[] => {
  const random = Random.of('embeddings', seed);
  return Array.from({ length: count }, () => Float32Array.from({ length: width }, () => random.normal(middle)));
};

function cosine(a: Float32Array, b: Float32Array): number {
  const dot = (x: Float32Array, y: Float32Array) => x.reduce((sum, value, at) => sum + value * y[at]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

describe('the distance to what is known', () => {
  it('is 1 - cosine to the nearest class, of photos that are classes of their own', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const [known, [asked]] = [embeddings(seed, 9), embeddings(seed + 1, 1)];
        const exact = Math.min(...known.map((embedding) => 1 - cosine(embedding, asked!)));
        const means = classMeans(known, known.map(String), 9);
        expect(distanceTo(means, asked!)).toBeCloseTo(exact, 5);
        expect(distanceTo(means, asked!.map((value) => value * 70))).toBeCloseTo(exact, 5); // prettier-ignore
      }),
      { numRuns: 50 },
    );
  });

  it('is to the mean direction of a class, however long its embeddings', () => {
    const means = classMeans([Float32Array.of(1, 0), Float32Array.of(0, 50)], ['a', 'a'], 5);
    expect([...means.values].map((value) => value.toFixed(4))).toEqual(['0.7071', '0.7071']);
    expect(distanceTo(means, Float32Array.of(3, 3))).toBeCloseTo(0, 6);
    expect(distanceTo(means, Float32Array.of(-1, -1))).toBeCloseTo(2, 6);
  });

  it('keeps the most frequent classes', () => {
    const means = classMeans(embeddings(1, 6), ['a', 'b', 'b', 'c', 'c', 'c'], 2);
    expect(means.values).toHaveLength(2 * width);
    expect(distanceTo(means, embeddings(1, 1)[0]!)).toBeGreaterThan(0.1);
  });

  it('has a threshold that held-back photos set, or a margin where there were none', () => {
    const learned = learnMeans(
      embeddings(2, 200, 2),
      Array.from({ length: 200 }, (_, index) => `${index % 4}`),
    );
    expect(describeFamiliarity(learned, [1, 2, 3]).threshold).toBe(3 * learned.unit);
    expect(describeFamiliarity(learned, [1, 2, 3]).set_on).toEqual({ photos: 3, kind: 'held-out' });
    expect(describeFamiliarity(learned, []).threshold).toBeGreaterThan(learned.unit);
    const beyond = embeddings(2, 200, 2).filter((embedding) => distanceTo(learned.means, embedding) > learned.unit);
    expect(beyond).toHaveLength(2);
  });

  it('survives the way into a model file and out of it', () => {
    const learned = learnMeans(
      embeddings(3, 20),
      Array.from({ length: 20 }, (_, index) => `${index % 3}`),
    );
    const written = familiaritySchema.parse(JSON.parse(JSON.stringify(describeFamiliarity(learned, []))));
    expect(decodeMeans(written)).toEqual(learned.means);
    expect(familiaritySchema.safeParse({ ...written, width: width + 1 }).success).toBe(false);
  });

  it('has quantiles that are among the values', () => {
    const values = [5, 1, 4, 2, 3];
    expect([0, 0.2, 0.21, 0.5, 0.99, 1].map((q) => quantile(values, q))).toEqual([1, 1, 2, 3, 5, 5]);
  });
});

describe('a delivered model', () => {
  it('says what it has learnt from', async () => {
    const model = await loadModel(await tinyModel(await folderWith()));
    await model.release();
    const familiarity = model.metadata['busana.familiarity']!;
    // Two shapes in three colours; nothing was held back by this run.
    expect(familiarity.set_on).toEqual({ photos: 24, kind: 'training' });
    expect(decodeMeans(familiarity).values).toHaveLength(6 * familiarity.width);
    expect(familiarity.threshold).toBeGreaterThan(0);
  });
});
