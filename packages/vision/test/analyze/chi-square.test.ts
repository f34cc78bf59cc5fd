import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chiSquare } from '../../src/analyze/chi-square.ts';
import { reference } from '../evaluate/reference.ts';

describe('chi-square test of independence', () => {
  it.each(reference.chi_square)('$counts as scipy', (expected) => {
    const test = chiSquare(expected.counts);
    expect(test.statistic).toBeCloseTo(expected.statistic, 9);
    // Relative, so that p-values near zero count too.
    expect(test.p_value / expected.p_value).toBeCloseTo(1, 9);
    expect(test.degrees_of_freedom).toBe(expected.degrees_of_freedom);
    expect(test.cramers_v).toBeCloseTo(expected.cramers_v, 9);
    test.expected.flat().forEach((value, index) => expect(value).toBeCloseTo(expected.expected.flat()[index]!, 9));
  });

  it("gives the study's figures", () => {
    const test = chiSquare([
      [80, 71, 103, 131, 91],
      [36, 54, 59, 103, 49],
    ]);
    expect(test.statistic).toBeCloseTo(7.888437441816117, 12);
    expect(test.p_value).toBeCloseTo(0.09575142561857845, 12);
    expect(test.degrees_of_freedom).toBe(4);
  });

  it('leaves empty rows and columns out', () => {
    const full = chiSquare([
      [5, 9],
      [7, 2],
    ]);
    const padded = chiSquare([
      [5, 0, 9],
      [0, 0, 0],
      [7, 0, 2],
    ]);
    expect({ ...padded, expected: [] }).toEqual({ ...full, expected: [] });
    expect(padded.expected[1]).toEqual([0, 0, 0]);
  });

  it.each([
    [[[]]],
    [[]],
    [[[0, 0]]],
    [[[3], [4]]],
    [[[3, 4]]],
    [
      [
        [3, 4],
        [0, 0],
      ],
    ],
  ])('%j has nothing to test', (counts) => {
    expect(chiSquare(counts)).toMatchObject({ statistic: 0, p_value: 1, degrees_of_freedom: 0, cramers_v: 0 });
  });

  it('does not depend on which attribute is in the rows', () => {
    const table = fc.array(fc.array(fc.nat(40), { minLength: 3, maxLength: 3 }), { minLength: 2, maxLength: 4 });
    fc.assert(
      fc.property(table, (counts) => {
        const there = chiSquare(counts);
        const back = chiSquare(counts[0]!.map((_, column) => counts.map((row) => row[column]!)));
        expect(back.statistic).toBeCloseTo(there.statistic, 8);
        expect(back.p_value).toBeCloseTo(there.p_value, 8);
        expect(there.p_value).toBeGreaterThanOrEqual(0);
        expect(there.p_value).toBeLessThanOrEqual(1);
      }),
    );
  });
});
