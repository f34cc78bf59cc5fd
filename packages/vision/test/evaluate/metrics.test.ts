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
    expect(metrics.calibration.brier_score).toBeCloseTo(expected.brier_score, 9);
    expect(metrics.hamming_loss).toBeCloseTo(expected.hamming_loss, 12);
    expect(metrics.jaccard).toBeCloseTo(expected.jaccard, 12);
    expect(metrics.combination).toEqual({
      confusion: expected.combination.confusion,
      labels: expected.combination.labels.map((label) => label.split('+').map((value) => `v${value}`)),
    });
    expected.attributes.forEach((attribute, index) => {
      const measured = metrics.attributes[`a${index}`]!;
      expect(measured.accuracy).toBeCloseTo(attribute.accuracy, 12);
      expect(measured.macro_precision).toBeCloseTo(attribute.macro_precision, 12);
      expect(measured.macro_recall).toBeCloseTo(attribute.macro_recall, 12);
      expect(measured.macro_f1).toBeCloseTo(attribute.macro_f1, 12);
      expect(measured.calibration.brier_score).toBeCloseTo(attribute.brier_score, 9);
      expect(measured.calibration.expected_calibration_error).toBeCloseTo(attribute.expected_calibration_error, 9);
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

describe('what a person reads', () => {
  const targets = Array.from({ length: 200 }, (_, photo) => [photo % 2, photo % 3]);
  /** One photo in ten has a wrong type, at less confidence than most; photo 0 a wrong colour, at more. */
  const types = oneHot(targets.map(([type], photo) => (photo % 10 === 5 ? 1 - type! : type!)), 2); // prettier-ignore
  const colours = oneHot(targets.map(([, colour], photo) => (photo === 0 ? 2 : colour!)), 3); // prettier-ignore
  types.forEach((value, index) => {
    const photo = Math.floor(index / 2);
    const confidence = photo === 0 ? 0.99 : photo % 10 === 5 ? 0.7 : 0.9 + photo / 2000;
    types[index] = value === 1 ? confidence : 1 - confidence;
  });
  const metrics = computeMetrics({
    taxonomy: taxonomyOf([2, 3]),
    targets,
    probabilities: [types, colours],
    names: targets.map((_, photo) => `${photo}.jpg`),
  });

  it('advises a threshold with its price, and says when none is good enough', () => {
    expect(metrics.emr.value).toBe(179 / 200);
    // Beyond the one confident mistake, 178 right photos keep an EMR above 0.99; the doubtful ones come after them.
    expect(metrics.advice).toBe('accept above 0.900: 90.0 % of photos at 99.4 % EMR, 20 to review');
    expect(metrics.acceptance.map(({ target_emr }) => target_emr)).toEqual([0.95, 0.98, 0.99, 0.995]);
    const hopeless = computeMetrics({ taxonomy: taxonomyOf([2]), targets: [[0], [0]], probabilities: [oneHot([1, 1], 2)] }); // prettier-ignore
    expect(hopeless.advice).toBe('review every photo: no joint confidence reaches an EMR of 99.0 %');
    const perfect = computeMetrics({ taxonomy: taxonomyOf([2]), targets: [[0], [0]], probabilities: [oneHot([0, 0], 2)] }); // prettier-ignore
    expect(perfect.advice).toBe('accept everything: 100.0 % of photos at 100.0 % EMR, none to review');
  });

  it('lists the most confident mistakes first, by name and code', () => {
    expect(metrics.mistakes).toHaveLength(21);
    expect(metrics.mistakes[0]).toEqual({
      image: '0.jpg',
      joint_confidence: expect.closeTo(0.99, 6) as number,
      attributes: {
        a0: { truth: 'v0', predicted: 'v0', confidence: expect.closeTo(0.99, 6) as number },
        a1: { truth: 'v0', predicted: 'v2', confidence: 1 },
      },
    });
    expect(metrics.mistakes.slice(1).every(({ joint_confidence }) => joint_confidence < 0.71)).toBe(true);
  });

  it('leaves a matrix of very many combinations out', () => {
    const many = Array.from({ length: 41 }, (_, photo) => [photo, 0]);
    const probabilities = [oneHot(many.map(([value]) => value!), 41), oneHot(many.map(() => 0), 2)]; // prettier-ignore
    expect(computeMetrics({ taxonomy: taxonomyOf([41, 2]), targets: many, probabilities })).not.toHaveProperty(
      'combination',
    );
    const fewer = probabilities.map((values, index) => values.slice(0, 40 * [41, 2][index]!));
    const kept = computeMetrics({ taxonomy: taxonomyOf([41, 2]), targets: many.slice(0, 40), probabilities: fewer });
    expect(kept.combination!.labels).toHaveLength(40);
  });
});

describe('degenerate data', () => {
  it.each([
    { name: 'no photos', targets: [], probabilities: [new Float32Array(0), new Float32Array(0)] },
    { name: 'no labels', targets: [[-1, -1]], probabilities: [oneHot([0], 2), oneHot([0], 3)] },
  ])('$name: nothing is known', ({ targets, probabilities }) => {
    const metrics = computeMetrics({ taxonomy: taxonomyOf([2, 3]), targets, probabilities });
    expect(metrics.emr).toEqual({ value: 0, low: 0, high: 1, n: 0, bootstrap: { low: 0, high: 1, resamples: 0 } });
    expect(metrics).toMatchObject({ hamming_loss: 0, jaccard: 0, acceptance: [], mistakes: [] });
    expect(metrics.advice).toContain('no advice');
    expect(metrics).not.toHaveProperty('combination');
    expect(metrics.attributes['a0']).toMatchObject({ accuracy: 0, macro_f1: 0 });
    const nothing = { expected_calibration_error: 0, brier_score: 0, bins: [] };
    expect(metrics.calibration).toEqual({ ...nothing, bootstrap: { low: 0, high: 1, resamples: 0 } });
    expect(metrics.attributes['a0']!.calibration).toEqual(nothing);
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
