import type { Taxonomy } from '@busana/contracts';
import { expect, it } from 'vitest';
import type { LabelledPhoto } from '../../src/data/dataset.ts';
import { averageMetrics, describeAverage } from '../../src/train/average.ts';
import type { HeldOut } from '../../src/train/held-out.ts';

const taxonomy: Taxonomy = {
  id: 'id',
  attributes: [
    { name: 'a', titles: {}, kind: 'other', values: ['x', 'y'].map((code) => ({ code, names: {}, aliases: [] })) },
  ],
};
const photos = [0, 1].map((target): LabelledPhoto => {
  return { id: String(target), name: String(target), location: { kind: 'file', path: '' }, targets: [target] };
});
const arm = (...values: number[]): HeldOut => ({
  arm: 'arm',
  photos: [0, 1],
  folds: [1, 2],
  probabilities: [Float32Array.from(values)],
});

it('averages probabilities, not votes: a sure arm outweighs two that waver', () => {
  const wavering = arm(0.45, 0.55, 0.6, 0.4);
  const sure = arm(0.9, 0.1, 0.1, 0.9);
  const metrics = averageMetrics([wavering, wavering, sure], photos, taxonomy)!;
  expect(averageMetrics([wavering, undefined], photos, taxonomy)).toBeUndefined();
  expect(metrics.emr.value).toBe(1);
  expect(averageMetrics([wavering, wavering], photos, taxonomy)!.emr.value).toBe(0);
  expect(describeAverage(metrics)[0]).toContain('EMR 1.0000');
  expect(describeAverage(undefined)).toEqual([]);
});
