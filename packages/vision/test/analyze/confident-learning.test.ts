import { describe, expect, it } from 'vitest';
import { confidentLearning } from '../../src/analyze/confident-learning.ts';
import { reference } from './reference.ts';

describe('confident learning', () => {
  it.each(reference.confident_learning.map((one, index) => [index, one] as const))(
    'case %i as cleanlab',
    (_, { labels, probabilities, classes, ...expected }) => {
      const { thresholds, counts, joint, suspected } = confidentLearning(labels, probabilities, classes);
      thresholds.forEach((value, index) => expect(value).toBeCloseTo(expected.thresholds[index]!, 12));
      // cleanlab counts one photo of a class at least as right.
      const clipped = counts.map((row, label) =>
        row.map((count, value) => (value === label ? Math.max(1, count) : count)),
      );
      expect(clipped).toEqual(expected.confident_joint);
      joint.flat().forEach((value, index) => expect(value).toBeCloseTo(expected.calibrated.flat()[index]!, 9));
      expect(suspected.length).toBeGreaterThan(3);
      expect(suspected.map(({ position }) => position)).toEqual(expected.suspected);
      for (const { position, selfConfidence, normalisedMargin } of suspected) {
        expect(selfConfidence).toBeCloseTo(expected.self_confidence[position]!, 12);
        expect(normalisedMargin).toBeCloseTo(expected.normalised_margin[position]!, 12);
      }
    },
  );

  it('takes the likeliest of the classes that are confident', () => {
    // Class 0 is the likeliest of the last photo, but less so than of its own photo.
    const probabilities = [0.98, 0.01, 0.01, 0.3, 0.4, 0.3, 0.35, 0.35, 0.3, 0.5, 0.15, 0.35];
    const { counts } = confidentLearning([0, 1, 2, 1], probabilities, 3);
    expect(counts[1]![2]).toBe(1);
  });

  it('suspects nobody whose label is the likeliest, and nothing of a class without photos', () => {
    const { suspected, joint, thresholds } = confidentLearning([0, 0], [0.9, 0.1, 0, 0.6, 0.4, 0], 3);
    expect(suspected).toEqual([]);
    expect(thresholds).toEqual([0.75, 1, 1]);
    expect(joint).toEqual([[2, 0, 0], [0, 0, 0], [0, 0, 0]]); // prettier-ignore
    expect(confidentLearning([], [], 2).joint).toEqual([[0, 0], [0, 0]]); // prettier-ignore
  });
});
