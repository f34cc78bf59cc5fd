import { verdictSchema } from '@busana/contracts';
import { describe, expect, it } from 'vitest';
import { comparisonVerdict } from '../../src/evaluate/verdict.ts';

/** Right on the first `right` of 100 photos. */
const arm = (name: string, right: number) => ({
  name,
  correct: Array.from({ length: 100 }, (_, photo) => photo < right),
});

describe('verdict of a comparison', () => {
  it('names the best performing model and its EMR when it beats every other', () => {
    const verdict = comparisonVerdict([arm('separate', 50), arm('multi-output', 63), arm('combined', 51)]);
    expect(verdict).toMatchObject({ best: 'multi-output', emr: 0.63, n: 100, significant: true });
    // 12 and 13 discordant photos, all for the best: p = 2 / 2^12 and 2 / 2^13, the smaller one doubled by Holm.
    expect(verdict.comparisons.map(({ p_value }) => p_value)).toEqual([2 ** -12, 2 ** -11]);
    expect(verdict.p_value).toBe(2 ** -11);
    expect(verdict.sentence).toBe(
      'Best performing model: multi-output with EMR 0.6300 (95 % interval 0.5322 to 0.7182, 100 photos), significantly better than separate (0.5000, p = 0.0005) and combined (0.5100, p = 0.0005) (exact McNemar test at 0.05).',
    );
    expect(verdictSchema.parse(verdict)).toEqual(verdict);
  });

  it('says when there is no evidence of a difference', () => {
    const verdict = comparisonVerdict([arm('a', 50), arm('b', 53)]);
    expect(verdict).toMatchObject({ best: 'b', p_value: 0.25, significant: false });
    expect(verdict.sentence).toMatch(
      /^No evidence of a difference: b has the highest EMR 0\.5300 .*; the difference from a \(0\.5000, p = 0\.2500\) is not significant/,
    );
  });

  it('tells beaten rivals from those that are level', () => {
    const verdict = comparisonVerdict([arm('a', 50), arm('b', 53), arm('c', 20)]);
    expect(verdict.significant).toBe(false);
    expect(verdict.sentence).toMatch(
      /better than c \(0\.2000, p < 0\.0001\); the difference from a .* is not significant/,
    );
  });

  it('identical arms: the first, p 1; a single arm or no photos: no test', () => {
    expect(comparisonVerdict([arm('a', 5), arm('b', 5)])).toMatchObject({ best: 'a', p_value: 1, significant: false });
    expect(comparisonVerdict([arm('a', 5), arm('b', 5)]).sentence).toMatch(
      /^No evidence of a difference: a and b share the highest EMR 0\.0500 \([^()]*\) \(exact McNemar test at 0\.05\)\.$/,
    );
    expect(comparisonVerdict([arm('a', 5)])).toMatchObject({ best: 'a', p_value: null, significant: false });
    expect(comparisonVerdict([{ name: 'a', correct: [] }]).sentence).toMatch(/^No photo/);
  });

  it('refuses no arms and arms judged on different photos', () => {
    expect(() => comparisonVerdict([])).toThrow('at least one');
    expect(() => comparisonVerdict([arm('a', 5), { name: 'b', correct: [true] }])).toThrow('same photos');
  });
});
