import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstToLast } from '../../src/evaluate/improvement.ts';
import { wilson } from '../../src/evaluate/intervals.ts';
import { holm, mcnemar } from '../../src/evaluate/mcnemar.ts';
import { reference } from './reference.ts';

/** Lists that disagree as often as asked, and agree on a few photos. */
function pair(onlyFirst: number, onlySecond: number): [boolean[], boolean[]] {
  const repeat = (count: number, value: boolean) => new Array<boolean>(count).fill(value);
  return [
    [...repeat(onlyFirst, true), ...repeat(onlySecond, false), true, true, false],
    [...repeat(onlyFirst, false), ...repeat(onlySecond, true), true, true, false],
  ];
}

describe('Wilson interval', () => {
  it.each(reference.wilson)('$successes of $trials as statsmodels', ({ successes, trials, low, high }) => {
    const interval = wilson(successes, trials);
    expect(interval.low).toBeCloseTo(low, 9);
    expect(interval.high).toBeCloseTo(high, 9);
    expect(interval.value).toBe(successes / trials);
  });

  it('contains the proportion and stays within 0..1; no trials say nothing', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.double({ min: 0, max: 1, noNaN: true }), (trials, share) => {
        const { value, low, high } = wilson(Math.round(share * trials), trials);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(low).toBeLessThanOrEqual(value);
        expect(high).toBeGreaterThanOrEqual(value);
        expect(high).toBeLessThanOrEqual(1);
      }),
    );
    expect(wilson(0, 0)).toEqual({ value: 0, low: 0, high: 1, n: 0 });
  });
});

describe('exact McNemar test', () => {
  it.each(reference.mcnemar)(
    '$only_first against $only_second as statsmodels',
    ({ only_first, only_second, p_value }) => {
      const test = mcnemar(...pair(only_first, only_second));
      expect(test).toMatchObject({ only_first, only_second });
      expect(test.p_value).toBeCloseTo(p_value, 9);
      expect(test.p_value / p_value).toBeCloseTo(1, 9);
    },
  );

  it('is symmetric, 1 without discordant photos, and refuses different photos', () => {
    expect(mcnemar(...pair(9, 2)).p_value).toBe(mcnemar(...pair(2, 9)).p_value);
    expect(mcnemar([true, false], [true, false]).p_value).toBe(1);
    expect(mcnemar([], []).p_value).toBe(1);
    expect(() => mcnemar([true], [])).toThrow('1 and 0');
  });
});

describe('Holm adjustment', () => {
  it.each(reference.holm)('$p as statsmodels', ({ p, adjusted }) => {
    holm(p).forEach((value, index) => expect(value).toBeCloseTo(adjusted[index]!, 12));
  });
});

describe('first-to-last improvement', () => {
  it("gives the study's 47.6 points", () => {
    const improvement = firstToLast([52 / 334, undefined, 150 / 334, 211 / 334]);
    expect(improvement!.change.toFixed(3)).toBe('0.476');
    expect(improvement!.relative).toBeCloseTo(159 / 52, 12);
  });

  it('is undefined without values, and has no relative part from zero', () => {
    expect(firstToLast([undefined])).toBeUndefined();
    expect(firstToLast([0, 0.5])).toEqual({ first: 0, last: 0.5, change: 0.5 });
    expect(firstToLast([2])).toEqual({ first: 2, last: 2, change: 0, relative: 0 });
  });
});
