/** @file Temperatures of a run: for the file from every held-back photo, for the figures from other photos. */
import type { Taxonomy } from '@busana/contracts';
import { Random } from '@busana/engine';
import { describe, expect, it } from 'vitest';
import { fitTemperature } from '../../src/artifact/temperature.ts';
import { planApproach } from '../../src/train/approach.ts';
import { softmaxRows } from '../../src/train/loss.ts';
import { heldOutAt, scaledHeldOut, type FoldLogits } from '../../src/train/scaling.ts';

const taxonomy: Taxonomy = {
  id: 'id',
  attributes: [2, 3].map((count, index) => ({
    name: `a${index}`,
    titles: {},
    kind: 'other',
    values: Array.from({ length: count }, (_, value) => ({ code: `v${value}`, names: {}, aliases: [] })),
  })),
};
const plan = planApproach('multi-output', taxonomy);
const random = Random.of('scaling test');
const PHOTOS = 60;
const logits = [2, 3].map((classes) => Float32Array.from({ length: PHOTOS * classes }, () => random.normal(0, 3)));
// Right for two photos of three: neither certain nor worthless.
const targets = Array.from({ length: PHOTOS }, (_, photo) =>
  logits.map((values, head) => {
    const row = values.subarray(photo * (head + 2), (photo + 1) * (head + 2));
    return random.chance(2 / 3) ? row.indexOf(Math.max(...row)) : random.integer(0, head + 1);
  }),
);
const groupOf = targets.map((_, photo) => photo - (photo % 2));

/** The photos of a fold, last first: whoever joins folds must put them in order. */
function fold(number: number, photos: readonly number[]): FoldLogits {
  const rows = photos.toReversed();
  const own = logits.map((values, head) =>
    Float32Array.from(rows.flatMap((photo) => [...values.subarray(photo * (head + 2), (photo + 1) * (head + 2))])),
  );
  return { fold: number, photos: rows, logits: own };
}

const every = targets.map((_, photo) => photo);
const folds = [0, 1, 2].map((number) => fold(number + 1, every.filter((photo) => Math.floor(photo / 2) % 3 === number))); // prettier-ignore

describe('temperatures of a cross-validation', () => {
  const heldOut = scaledHeldOut('arm', plan, folds, { targets, groupOf });

  it('in the file are fitted on every photo that was held back', () => {
    const [a0, a1] = logits.map((values, head) => fitTemperature(values, targets.map((photo) => photo[head]!))); // prettier-ignore
    expect(heldOut.scaling!.temperatures).toEqual({
      a0: expect.closeTo(a0!, 9) as number,
      a1: expect.closeTo(a1!, 9) as number,
    });
    expect(heldOut.scaling!.uncalibrated.map((values) => [...values])).toEqual(
      logits.map((values, head) => [...softmaxRows(values, head + 2)]),
    );
  });

  it('behind the figures of a fold are fitted on the other folds', () => {
    expect(heldOut.photos).toEqual(every);
    expect(heldOut.scaling!.fitted_on).toBe('the other folds');
    for (const { fold: number, photos } of folds) {
      const others = every.filter((photo) => !photos.includes(photo));
      const rest = fold(0, others);
      const temperature = fitTemperature(rest.logits[1]!, rest.photos.map((photo) => targets[photo]![1]!)); // prettier-ignore
      for (const photo of photos) {
        const expected = softmaxRows(logits[1]!.subarray(photo * 3, photo * 3 + 3).map((value) => value / temperature), 3); // prettier-ignore
        expect([...heldOut.probabilities[1]!.subarray(photo * 3, photo * 3 + 3)]).toEqual(
          [...expected].map((value) => expect.closeTo(value, 6) as number),
        );
        expect(heldOut.folds[photo]).toBe(number);
      }
    }
  });

  it('of one fold are fitted on other parts of it, a group in one part', () => {
    const once = scaledHeldOut('arm', plan, [fold(1, every)], { targets, groupOf });
    expect(once.scaling!.fitted_on).toBe('the other 4 of 5 parts of the held-back photos');
    expect(once.scaling!.temperatures).toEqual({
      a0: expect.closeTo(heldOut.scaling!.temperatures['a0']!, 9) as number,
      a1: expect.closeTo(heldOut.scaling!.temperatures['a1']!, 9) as number,
    });
    // softmax(z / T): the log odds of two values, over those of the logits, tell the temperature a photo was judged by.
    const inverse = every.map((photo) => {
      const row = photo * 2;
      const odds = Math.log(once.probabilities[0]![row]! / once.probabilities[0]![row + 1]!);
      return (odds / (logits[0]![row]! - logits[0]![row + 1]!)).toFixed(3);
    });
    expect(new Set(inverse).size).toBe(5);
    expect(every.every((photo) => inverse[photo] === inverse[groupOf[photo]!])).toBe(true);
  });

  it('cannot be checked on one group, and the figures are left alone', () => {
    const single = scaledHeldOut('arm', plan, [fold(1, [4, 5])], { targets, groupOf });
    expect(single.scaling!.fitted_on).toContain('too few');
    expect(single.probabilities).toEqual(single.scaling!.uncalibrated);
  });
});

it('the file answers with one temperature for all', () => {
  const answers = heldOutAt('arm', plan, folds, [2, 4]);
  expect([...answers.probabilities[0]!]).toEqual([...softmaxRows(logits[0]!.map((value) => value / 2), 2)]); // prettier-ignore
  expect([...answers.probabilities[1]!]).toEqual([...softmaxRows(logits[1]!.map((value) => value / 4), 3)]); // prettier-ignore
});
