import { BusanaError, type Taxonomy } from '@busana/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MISSING } from '../../src/data/dataset.ts';
import { attributeProbabilities, planApproach } from '../../src/train/approach.ts';
import { classWeights, softmaxRows, validationLoss } from '../../src/train/loss.ts';

function taxonomy(...classes: readonly number[]): Taxonomy {
  return {
    id: 'id',
    attributes: classes.map((count, index) => ({
      name: `attribute${index}`,
      titles: {},
      kind: 'other',
      values: Array.from({ length: count }, (_, code) => ({ code: String(code), names: {}, aliases: [] })),
    })),
  };
}

describe('planApproach', () => {
  it('plans one network with all heads, one per head, or one over combinations', () => {
    const shape = (approach: 'multi-output' | 'separate' | 'combined') =>
      planApproach(approach, taxonomy(2, 5)).networks.map(({ heads }) => heads.map((head) => head.classes));
    expect(shape('multi-output')).toEqual([[2, 5]]);
    expect(shape('separate')).toEqual([[2], [5]]);
    expect(shape('combined')).toEqual([[10]]);
  });

  it('takes the target of each head from a photo, missing where it cannot be known', () => {
    const targets = (approach: 'multi-output' | 'separate' | 'combined', photo: number[]) =>
      planApproach(approach, taxonomy(2, 5)).networks.map((network) => network.headTargets(photo));
    expect(targets('multi-output', [1, MISSING])).toEqual([[1, MISSING]]);
    expect(targets('separate', [1, MISSING])).toEqual([[1], [MISSING]]);
    expect(targets('combined', [1, 3])).toEqual([[8]]);
    expect(targets('combined', [1, MISSING])).toEqual([[MISSING]]);
  });

  it('refuses a combined label with more classes than make sense', () => {
    expect(() => planApproach('combined', taxonomy(20, 20, 20))).toThrow(BusanaError);
  });

  it('gives marginals of the joint distribution that sum to one and agree with a sum by hand', () => {
    const joint = Float32Array.of(0.1, 0.2, 0.05, 0.15, 0.3, 0.2);
    const [first, second] = attributeProbabilities(planApproach('combined', taxonomy(2, 3)), [joint]);
    expect(Array.from(first!)).toEqual([expect.closeTo(0.35, 6), expect.closeTo(0.65, 6)]);
    expect(Array.from(second!)).toEqual([expect.closeTo(0.25, 6), expect.closeTo(0.5, 6), expect.closeTo(0.25, 6)]);
  });

  it('keeps a certain combination certain in each attribute', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 }),
        fc.nat(),
        (classes, pick) => {
          const plan = planApproach('combined', taxonomy(...classes));
          const targets = classes.map((count, index) => Math.floor(pick / (index + 1)) % count);
          const joint = new Float32Array(classes.reduce((product, count) => product * count, 1));
          joint[plan.networks[0]!.headTargets(targets)[0]!] = 1;
          const found = attributeProbabilities(plan, [joint]).map((values) => values.indexOf(1));
          expect(found).toEqual(targets);
        },
      ),
    );
  });
});

describe('losses outside the graph', () => {
  it('weighs classes as scikit-learn does: n / (classes * count), over the training photos alone', () => {
    const plan = planApproach('multi-output', taxonomy(2));
    const targets = [[0], [0], [0], [1], [MISSING], [1]];
    expect(classWeights('balanced', plan.networks[0]!, [0, 1, 2, 3, 4], targets)).toEqual([[4 / 6, 4 / 2]]);
    expect(classWeights('none', plan.networks[0]!, [0, 1], targets)).toEqual([undefined]);
  });

  it('sums the mean cross-entropy of the heads over what is labelled', () => {
    const logits = [Float32Array.of(0, 0, Math.log(3), 0), Float32Array.of(0, 0, 0, 5, 5, 5)];
    const loss = validationLoss(logits, [
      [0, 1],
      [0, MISSING],
    ]);
    expect(loss).toBeCloseTo((Math.log(2) + Math.log(4 / 3)) / 2 + Math.log(3), 6);
    expect(validationLoss([Float32Array.of(1, 2)], [[MISSING]])).toBeUndefined();
  });

  it('does not overflow for logits of any size', () => {
    expect(Array.from(softmaxRows(Float32Array.of(1000, 1000, -1000, 0), 2))).toEqual([0.5, 0.5, 0, 1]);
  });
});
