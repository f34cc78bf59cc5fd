import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mutualInformation } from '../../src/analyze/mutual-information.ts';
import { reference } from './reference.ts';

describe('mutual information', () => {
  it.each(reference.mutual_information)('$counts as scikit-learn', ({ counts, bits, smaller_entropy }) => {
    const found = mutualInformation(counts);
    expect(found.bits).toBeCloseTo(bits, 12);
    expect(found.normalised).toBeCloseTo(bits / smaller_entropy, 12);
  });

  it('is 0 for products of margins, and all there is where one attribute decides the other', () => {
    const margin = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 2, maxLength: 5 });
    fc.assert(
      fc.property(margin, margin, (rows, columns) => {
        expect(mutualInformation(rows.map((row) => columns.map((column) => row * column))).bits).toBeCloseTo(0, 9);
        const decided = rows.map((row, i) => rows.map((_, j) => (i === j ? row : 0)));
        expect(mutualInformation(decided).normalised).toBeCloseTo(1, 9);
      }),
    );
  });

  it('is 0 where there is nothing to tell', () => {
    for (const counts of [[], [[]], [[0, 0]], [[3, 4]], [[3], [4]]]) {
      expect(mutualInformation(counts)).toEqual({ bits: 0, normalised: 0 });
    }
  });
});
