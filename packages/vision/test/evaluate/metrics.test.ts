import { metricsSchema, type Taxonomy } from '@busana/contracts';
import { describe, expect, it } from 'vitest';
import { attributeAccuracy, exactMatchRatio, jointOutcomes, likeliest } from '../../src/evaluate/accuracy.ts';
import { computeMetrics } from '../../src/evaluate/metrics.ts';
import { reference } from './reference.ts';

function taxonomyOf(classes: readonly number[]): Taxonomy {
  return {
    id: 'id',
    attributes: classes.map((count, index) => ({
      name: `a${index}`,
      titles: {},
      kind: 'other',
      values: Array.from({ length: count }, (_, code) => ({ code: `v${code}`, names: {}, aliases: [] })),
    })),
  };
}

/** Probability `confidence` for the given class, the rest shared. */
function oneHot(choices: readonly number[], classes: number, confidence = 1): Float32Array {
  return Float32Array.from(
    choices.flatMap((choice) =>
      Array.from({ length: classes }, (_, index) =>
        index === choice ? confidence : (1 - confidence) / Math.max(1, classes - 1),
      ),
    ),
  );
}

describe('metrics against scikit-learn', () => {
  it.each(reference.classification.map((expected, index) => ({ index, expected })))('case $index', ({ expected }) => {
    const probabilities = expected.probabilities.map((values) => Float32Array.from(values));
    const classes = expected.attributes.map(({ support }) => support.length);
    const metrics = computeMetrics({ taxonomy: taxonomyOf(classes), targets: expected.targets, probabilities });
    expect(metrics.emr.n).toBe(expected.emr.trials);
    expect(metrics.emr.value).toBeCloseTo(expected.emr.successes / expected.emr.trials, 12);
    expect(metrics.calibration.expected_calibration_error).toBeCloseTo(expected.expected_calibration_error, 9);
    expected.attributes.forEach((attribute, index) => {
      const measured = metrics.attributes[`a${index}`]!;
      expect(measured.accuracy).toBeCloseTo(attribute.accuracy, 12);
      expect(measured.macro_f1).toBeCloseTo(attribute.macro_f1, 12);
      expect(measured.confusion).toEqual(attribute.confusion);
      measured.labels.forEach((label, value) => {
        const { precision, recall, f1, support } = measured.per_class[label]!;
        expect(precision).toBeCloseTo(attribute.precision[value]!, 12);
        expect(recall).toBeCloseTo(attribute.recall[value]!, 12);
        expect(f1).toBeCloseTo(attribute.f1[value]!, 12);
        expect(support).toBe(attribute.support[value]);
      });
    });
    expect(metricsSchema.parse(metrics)).toEqual(metrics);
  });
});

describe('missing labels', () => {
  const targets = [
    [0, 1],
    [1, -1],
    [-1, 2],
    [1, 0],
  ];
  const probabilities = [oneHot([0, 1, 0, 1], 2), oneHot([1, 0, 2, 2], 3)];

  it('EMR counts only fully labelled photos, an accuracy every labelled cell', () => {
    expect(exactMatchRatio(targets, probabilities)).toBe(0.5);
    expect(attributeAccuracy(targets, probabilities, 0)).toBe(1);
    expect(attributeAccuracy(targets, probabilities, 1)).toBeCloseTo(2 / 3, 12);
    const metrics = computeMetrics({ taxonomy: taxonomyOf([2, 3]), targets, probabilities });
    expect(metrics.emr).toMatchObject({ value: 0.5, n: 2 });
    expect(metrics.attributes['a1']!.confusion).toEqual([
      [0, 0, 1],
      [0, 1, 0],
      [0, 0, 1],
    ]);
  });

  it('the joint confidence is the product of the likeliest probabilities', () => {
    const outcomes = jointOutcomes([[0, 1]], [oneHot([0], 2, 0.75), oneHot([2], 3, 0.5)]);
    expect(outcomes).toEqual([{ photo: 0, correct: false, confidence: 0.375 }]);
  });

  it('the first of equal probabilities wins', () => {
    expect(likeliest(Float32Array.from([0.5, 0.5, 0.2, 0.8]), 2)).toEqual([0, 1]);
  });
});

describe('degenerate data', () => {
  it.each([
    { name: 'no photos', targets: [], probabilities: [new Float32Array(0), new Float32Array(0)] },
    { name: 'no labels', targets: [[-1, -1]], probabilities: [oneHot([0], 2), oneHot([0], 3)] },
  ])('$name: nothing is known', ({ targets, probabilities }) => {
    const metrics = computeMetrics({ taxonomy: taxonomyOf([2, 3]), targets, probabilities });
    expect(metrics.emr).toEqual({ value: 0, low: 0, high: 1, n: 0 });
    expect(metrics.attributes['a0']).toMatchObject({ accuracy: 0, macro_f1: 0 });
    expect(metrics.calibration).toEqual({ expected_calibration_error: 0, bins: [] });
    expect(metrics.risk_coverage).toEqual([]);
    expect(exactMatchRatio(targets, probabilities)).toBeUndefined();
    expect(attributeAccuracy(targets, probabilities, 0)).toBeUndefined();
    expect(metricsSchema.parse(metrics)).toEqual(metrics);
  });

  it('a class that neither occurs nor is predicted leaves macro F1 alone', () => {
    const probabilities = [oneHot([0, 1, 1], 3)];
    const metrics = computeMetrics({ taxonomy: taxonomyOf([3]), targets: [[0], [1], [1]], probabilities });
    expect(metrics.attributes['a0']).toMatchObject({ macro_f1: 1 });
    expect(metrics.attributes['a0']!.per_class['v2']).toEqual({ precision: 0, recall: 0, f1: 0, support: 0 });
  });

  it('an attribute with one value is always right', () => {
    const metrics = computeMetrics({
      taxonomy: taxonomyOf([1]),
      targets: [[0], [0]],
      probabilities: [oneHot([0, 0], 1)],
    });
    expect(metrics.attributes['a0']).toMatchObject({ accuracy: 1, macro_f1: 1, confusion: [[2]] });
    expect(metrics.emr.value).toBe(1);
  });
});
