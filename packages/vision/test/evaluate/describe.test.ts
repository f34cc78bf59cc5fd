import { expect, it } from 'vitest';
import { describeExactMatch } from '../../src/evaluate/describe.ts';
import { computeMetrics } from '../../src/evaluate/metrics.ts';
import type { Taxonomy } from '@busana/contracts';

const values = ['x', 'y'].map((code) => ({ code, names: {}, aliases: [] }));
const taxonomy: Taxonomy = {
  id: 'id',
  attributes: ['a', 'b'].map((name) => ({ name, titles: {}, kind: 'other', values })),
};
const probabilities = [Float32Array.of(0.9, 0.1), Float32Array.of(0.2, 0.8)];

it('gives the ratio with its interval, and says so where no photo is labelled in everything', () => {
  const whole = computeMetrics({ taxonomy, targets: [[0, 1]], probabilities });
  expect(describeExactMatch(whole)).toMatch(/^EMR 1\.0000 \(95 % interval 0\.\d{4} to 1\.0000, 1 photos\)$/);
  const half = computeMetrics({ taxonomy, targets: [[0, -1]], probabilities });
  expect(describeExactMatch(half)).toContain('no exact match ratio');
});
