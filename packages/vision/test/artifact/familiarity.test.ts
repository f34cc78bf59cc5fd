import { Random } from '@busana/engine';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { familiaritySchema } from '@busana/contracts';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import {
  asReferences,
  decodeReferences,
  distanceTo,
  encodeReferences,
  quantile,
} from '../../src/artifact/familiarity.ts';
import { loadModel } from '../../src/artifact/model.ts';
import { predict } from '../../src/predict/predict.ts';
import { describeFamiliarity, trainedDistance } from '../../src/train/familiarity.ts';
import { folderWith } from '../support/temporary.ts';
import { tinyModel } from '../support/tiny-model.ts';

const width = 24;
const embeddings = (seed: number, count: number): Float32Array => {
  const random = Random.of('embeddings', seed);
  return Float32Array.from({ length: count * width }, () => random.normal());
};
const row = (values: Float32Array, index: number): Float32Array => values.subarray(index * width, (index + 1) * width);

function cosine(a: Float32Array, b: Float32Array): number {
  const dot = (x: Float32Array, y: Float32Array) => x.reduce((sum, value, at) => sum + value * y[at]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

describe('the distance to what is known', () => {
  it('is 1 - cosine to the k-th nearest reference, as far as 8 bits go', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 9 }), (seed, neighbours) => {
        const [known, asked] = [embeddings(seed, 30), embeddings(seed + 1, 1)];
        const exact = Array.from({ length: 30 }, (_, index) => 1 - cosine(row(known, index), asked)).sort(
          (a, b) => a - b,
        );
        const found = distanceTo(asReferences({ width, values: known }), asked, neighbours);
        expect(Math.abs(found - exact[neighbours - 1]!)).toBeLessThan(0.01);
      }),
      { numRuns: 50 },
    );
  });

  it('does not depend on the length of an embedding, and leaves a reference out of its own neighbours', () => {
    const known = embeddings(1, 12);
    const references = asReferences({ width, values: known });
    expect(distanceTo(references, row(known, 3), 1)).toBeLessThan(0.001);
    expect(distanceTo(references, row(known, 3).map((x) => x * 100), 1)).toBeCloseTo(distanceTo(references, row(known, 3), 1), 6); // prettier-ignore
    expect(distanceTo(references, row(known, 3), 1, 3)).toBeGreaterThan(0.1);
  });

  it('survives the way into a model file and out of it', () => {
    const references = asReferences({ width, values: embeddings(2, 20) });
    const written = familiaritySchema.parse(
      JSON.parse(JSON.stringify(describeFamiliarity(references, 1, { photos: 20, kind: 'training' }))),
    );
    expect(decodeReferences(written)).toEqual(references);
    expect(written.threshold).toBe(trainedDistance(references));
    expect(written.references).toBe(encodeReferences(references));
    expect(familiaritySchema.safeParse({ ...written, width: width + 1 }).success).toBe(false);
  });

  it('has quantiles that are among the values', () => {
    const values = [5, 1, 4, 2, 3];
    expect([0, 0.2, 0.21, 0.5, 0.99, 1].map((q) => quantile(values, q))).toEqual([1, 1, 2, 3, 5, 5]);
  });
});

describe('a delivered model', () => {
  it('knows its own kind of photo and calls another one unknown, in words', async () => {
    const folder = await folderWith();
    const model = await tinyModel(folder);
    const loaded = await loadModel(model);
    await loaded.release();
    // Nothing was held back by this run.
    expect(loaded.metadata['busana.familiarity']).toMatchObject({
      neighbours: 5,
      set_on: { photos: 24, kind: 'training' },
    });
    const noise = Random.of('noise');
    await sharp(Buffer.from(Array.from({ length: 40 * 40 * 3 }, () => noise.integer(0, 255))), { raw: { width: 40, height: 40, channels: 3 } }).png().toFile(join(folder, 'noise.png')); // prettier-ignore
    const out = join(folder, 'p.csv');
    await predict({
      given: [model, join(folder, 'shapes-0', 'train'), join(folder, 'noise.png')],
      format: 'csv',
      out,
      stdin: new PassThrough().end(),
      stdout: process.stdout,
    });
    const rows = (await readFile(out, 'utf8')).trim().split('\n').slice(1);
    expect(rows.slice(0, -1).filter((line) => line.includes(',unknown,'))).toEqual([]);
    expect(rows.at(-1)).toMatch(
      /,unknown,.*no garment of this catalogue\? \(distance \d\.\d\d, at most \d\.\d\d is familiar\)/,
    );
  });
});
