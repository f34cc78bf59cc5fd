import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calibration, riskCoverage } from '../../src/evaluate/calibration.ts';

const outcome = fc.record({
  confidence: fc.integer({ min: 0, max: 20 }).map((step) => step / 20),
  correct: fc.boolean(),
});

describe('calibration', () => {
  it('is 0 for confidences that keep their promise, and the gap otherwise', () => {
    const photos = Array.from({ length: 40 }, (_, index) => ({ confidence: 0.75, correct: index % 4 !== 0 }));
    expect(calibration(photos).expected_calibration_error).toBeCloseTo(0, 12);
    const boastful = photos.map((photo) => ({ ...photo, confidence: 0.95 }));
    expect(calibration(boastful).expected_calibration_error).toBeCloseTo(0.2, 12);
  });

  it('makes ten bins of equal count, least confident first, and fewer when photos are few', () => {
    const photos = Array.from({ length: 25 }, (_, index) => ({ confidence: (24 - index) / 25, correct: true }));
    const { bins } = calibration(photos);
    expect(bins.map(({ count }) => count)).toEqual([2, 3, 2, 3, 2, 3, 2, 3, 2, 3]);
    expect(bins.map(({ confidence }) => confidence)).toEqual(
      bins.map(({ confidence }) => confidence).toSorted((a, b) => a - b),
    );
    expect(calibration(photos.slice(0, 3)).bins).toHaveLength(3);
  });
});

describe('risk-coverage', () => {
  it('goes from the most confident photo to all of them', () => {
    const rows = riskCoverage([
      { confidence: 0.2, correct: false },
      { confidence: 0.9, correct: true },
      { confidence: 0.6, correct: false },
      { confidence: 0.6, correct: true },
    ]);
    expect(rows).toEqual([
      { threshold: 0.9, coverage: 0.25, emr: 1 },
      { threshold: 0.6, coverage: 0.75, emr: 2 / 3 },
      { threshold: 0.2, coverage: 1, emr: 0.5 },
    ]);
  });

  it('every threshold selects exactly what its row says', () => {
    fc.assert(
      fc.property(fc.array(outcome, { minLength: 1, maxLength: 300 }), (photos) => {
        const rows = riskCoverage(photos);
        expect(rows.length).toBeLessThanOrEqual(100);
        expect(rows.at(-1)!.coverage).toBe(1);
        for (const { threshold, coverage, emr } of rows) {
          const chosen = photos.filter(({ confidence }) => confidence >= threshold);
          expect(coverage).toBeCloseTo(chosen.length / photos.length, 12);
          expect(emr).toBeCloseTo(chosen.filter(({ correct }) => correct).length / chosen.length, 12);
        }
      }),
    );
  });
});
