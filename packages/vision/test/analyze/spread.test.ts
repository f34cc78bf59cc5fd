import { describe, expect, it } from 'vitest';
import { quantile, spreadOf } from '../../src/analyze/spread.ts';

describe('the spread of a measure', () => {
  it('has quartiles, a histogram over the range, and outliers from the farthest on', () => {
    const values = [...Array.from({ length: 99 }, (_, index) => index / 10), 60, -45];
    const { min, median, max, lower_quartile, upper_quartile, limits, histogram, outlying } = spreadOf(values);
    expect([min, median, max]).toEqual([-45, 4.9, 60]);
    expect([lower_quartile, upper_quartile]).toEqual([2.4, 7.4]);
    expect(limits.low).toBeCloseTo(-12.6, 12);
    expect(limits.high).toBeCloseTo(22.4, 12);
    expect(outlying).toEqual([99, 100]);
    expect(histogram).toHaveLength(30);
    expect(histogram.reduce((sum, count) => sum + count)).toBe(101);
    expect([histogram[0], histogram.at(-1)]).toEqual([1, 1]);
  });

  it('goes by factors on a logarithmic scale', () => {
    const sizes = [100, 100, 200, 200, 400, 400, 200 * 2 ** 6, 200 / 2 ** 7];
    expect(spreadOf(sizes, { logarithmic: true, fence: 1.5 }).outlying).toEqual([7, 6]);
    expect(spreadOf(sizes, { fence: 1.5 }).outlying).toEqual([6]);
  });

  it('of equal values is one part, and whatever differs from most is an outlier', () => {
    expect(spreadOf([200, 200, 200])).toMatchObject({ histogram: [3], limits: { low: 200, high: 200 }, outlying: [] });
    expect(spreadOf([200, 200, 200, 200, 201], { logarithmic: true }).outlying).toEqual([4]);
  });

  it('takes quantiles between values linearly', () => {
    expect([0, 0.25, 0.5, 1].map((share) => quantile([1, 2, 4, 8], share))).toEqual([1, 1.75, 3, 8]);
  });
});
