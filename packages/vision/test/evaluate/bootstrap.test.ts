import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { percentileInterval, resample } from '../../src/evaluate/bootstrap.ts';
import { calibrationInterval } from '../../src/evaluate/calibration.ts';
import { pairedDifference } from '../../src/evaluate/paired-bootstrap.ts';
import { reference } from './reference.ts';

const positions = (photos: number): Iterable<Int32Array> => resample(photos);
const share =
  (right: readonly boolean[]) =>
  (photos: Int32Array): number =>
    photos.reduce((sum, photo) => sum + Number(right[photo]), 0) / photos.length;

describe('bootstrap intervals from the draws of scipy', () => {
  it.each(reference.bootstrap)(
    'equal its percentile intervals',
    ({ confidence, first, second, draws, ...expected }) => {
      const resamples = draws.map((draw) => Int32Array.from(draw));
      const outcomes = first.map((correct, photo) => ({ correct, confidence: confidence[photo]! }));
      for (const [found, [low, high]] of [
        [percentileInterval(resamples, share(first)), expected.emr],
        [pairedDifference(first, second, resamples), expected.difference],
        [calibrationInterval(outcomes, resamples), expected.expected_calibration_error],
      ] as const) {
        expect(found.low).toBeCloseTo(low, 9);
        expect(found.high).toBeCloseTo(high, 9);
        expect(found.resamples).toBe(draws.length);
      }
    },
  );
});

describe('resamples', () => {
  it('are the same each time, as large as the photos, and contain each photo once on average', () => {
    const [once, again] = [[...positions(50)], [...positions(50)]];
    expect(again).toEqual(once);
    expect(new Set(once.map(({ length }) => length))).toEqual(new Set([50]));
    const counts = new Array<number>(50).fill(0);
    for (const draw of once) for (const photo of draw) counts[photo]! += 1 / once.length;
    // The standard error of a mean count is sqrt(0.98 / 2000) = 0.022.
    for (const count of counts) expect(Math.abs(count - 1)).toBeLessThan(0.1);
  });

  it('take groups whole', () => {
    const groups = [7, 7, 7, 1, 2, 2];
    for (const draw of resample(6, groups)) {
      const times = groups.map((_, photo) => draw.filter((drawn) => drawn === photo).length);
      expect([times[1], times[2], times[5]]).toEqual([times[0], times[0], times[4]]);
      expect(times[0]! + times[3]! + times[4]!).toBe(3);
    }
  });

  it('of copies know less than of as many photos of their own', () => {
    const right = Array.from({ length: 120 }, (_, photo) => Math.floor(photo / 4) % 3 > 0);
    const width = (groups?: readonly number[]): number => {
      const { low, high } = percentileInterval(resample(120, groups), share(right));
      return high - low;
    };
    // Four copies of each: half as wide if they were taken for photos of their own.
    expect(width(right.map((_, photo) => Math.floor(photo / 4))) / width()).toBeCloseTo(2, 0);
  });
});

describe('the difference of two models', () => {
  it('has its interval around it, and none without photos', () => {
    const answers = fc.array(fc.tuple(fc.boolean(), fc.boolean()), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(answers, (pairs) => {
        const [first, second] = [pairs.map(([a]) => a), pairs.map(([, b]) => b)];
        const { value, low, high } = pairedDifference(first, second, positions(pairs.length));
        const there = pairedDifference(second, first, positions(pairs.length));
        expect(low).toBeLessThanOrEqual(value + 1e-12);
        expect(high).toBeGreaterThanOrEqual(value - 1e-12);
        expect(there.value).toBeCloseTo(-value, 12);
        expect([there.low, there.high].map((end) => end + 0)).toEqual([
          expect.closeTo(-high, 12),
          expect.closeTo(-low, 12),
        ]);
      }),
      { numRuns: 20 },
    );
    expect(pairedDifference([], [], [])).toEqual({ value: 0, low: -1, high: 1, resamples: 0 });
  });
});
