import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assignFolds, holdout } from '../../src/data/folds.ts';

/** Photos with two attributes, some not labelled, in groups of one to four whose labels may differ. */
const photos = fc
  .array(
    fc.array(fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: -1, max: 2 })), { minLength: 1, maxLength: 4 }),
    { minLength: 10, maxLength: 60 },
  )
  .map((groups) => ({
    targets: groups.flat(),
    groupOf: groups.flatMap((members, group) => members.map(() => group)),
  }));
const seeds = fc.integer({ min: 0, max: 1000 });
const folds = fc.integer({ min: 2, max: 10 });
const settings = { seed: 1, numRuns: 200 };

/** Parts that the members of each group are in. */
function partsOfGroups(groupOf: readonly number[], partOf: readonly unknown[]): number[] {
  const parts = new Map<number, Set<unknown>>();
  groupOf.forEach((group, photo) => parts.set(group, (parts.get(group) ?? new Set()).add(partOf[photo])));
  return [...parts.values()].map(({ size }) => size);
}

describe('assignFolds', () => {
  it('puts every photo into one fold, no fold empty, no group split, the same for the same seed', () => {
    fc.assert(
      fc.property(photos, seeds, folds, (input, seed, count) => {
        const assigned = assignFolds(input, { folds: count, seed });
        expect(assigned).toHaveLength(input.targets.length);
        expect([...new Set(assigned)].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, k) => k + 1));
        expect(new Set(partsOfGroups(input.groupOf, assigned))).toEqual(new Set([1]));
        expect(assignFolds(input, { folds: count, seed })).toEqual(assigned);
      }),
      settings,
    );
  });

  it('deals every combination of labels evenly, to the photo where no groups are in the way', () => {
    const single = fc.array(fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: -1, max: 2 })), {
      minLength: 10,
      maxLength: 150,
    });
    fc.assert(
      fc.property(single, seeds, folds, (targets, seed, count) => {
        const assigned = assignFolds({ targets, groupOf: targets.map((_, index) => index) }, { folds: count, seed });
        const sizes = new Map<string, number[]>();
        targets.forEach((target, index) => {
          const inFolds = sizes.get(target.join()) ?? new Array<number>(count).fill(0);
          inFolds[assigned[index]! - 1]! += 1;
          sizes.set(target.join(), inFolds);
        });
        for (const inFolds of sizes.values())
          expect(Math.max(...inFolds) - Math.min(...inFolds)).toBeLessThanOrEqual(1);
      }),
      settings,
    );
  });

  it('keeps combinations within a group of even where groups are in the way', () => {
    fc.assert(
      fc.property(photos, seeds, (input, seed) => {
        const assigned = assignFolds(input, { folds: 3, seed });
        const sizes = [1, 2, 3].map((fold) => assigned.filter((of) => of === fold).length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(4 + 2 * 8);
      }),
      settings,
    );
  });

  it('differs between seeds', () => {
    const targets = Array.from({ length: 60 }, (_, index) => [index % 2, index % 3]);
    const input = { targets, groupOf: targets.map((_, index) => index) };
    expect(assignFolds(input, { folds: 5, seed: 1 })).not.toEqual(assignFolds(input, { folds: 5, seed: 2 }));
  });

  it('refuses more folds than groups', () => {
    const input = { targets: [[0], [0], [1]], groupOf: [0, 0, 2] };
    expect(() => assignFolds(input, { folds: 3, seed: 0 })).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: '2 groups of photos cannot be split into 3 parts' }),
    );
  });
});

describe('holdout', () => {
  it('splits no group and holds back the share asked for', () => {
    fc.assert(
      fc.property(photos, seeds, fc.double({ min: 0.1, max: 0.5, noNaN: true }), (input, seed, fraction) => {
        const held = holdout(input, { fraction, seed });
        expect(new Set(partsOfGroups(input.groupOf, held))).toEqual(new Set([1]));
        expect(held).toContain(true);
        expect(held).toContain(false);
        expect(holdout(input, { fraction, seed })).toEqual(held);
      }),
      settings,
    );
  });

  it('takes the share from every combination of labels', () => {
    const targets = Array.from({ length: 400 }, (_, index) => [index % 2, index % 5]);
    const held = holdout({ targets, groupOf: targets.map((_, index) => index) }, { fraction: 0.2, seed: 7 });
    const counts = new Map<string, number>();
    held.forEach((yes, index) => {
      if (yes) counts.set(targets[index]!.join(), (counts.get(targets[index]!.join()) ?? 0) + 1);
    });
    expect([...counts.values()]).toEqual(new Array<number>(10).fill(8));
  });

  it('holds one photo back where the share is less than one', () => {
    const input = { targets: [[0], [0], [0], [1], [1]], groupOf: [0, 1, 2, 3, 4] };
    expect(holdout(input, { fraction: 0.05, seed: 3 }).filter(Boolean)).toHaveLength(1);
  });

  it('holds nothing back at 0', () => {
    expect(holdout({ targets: [[0], [1]], groupOf: [0, 1] }, { fraction: 0, seed: 0 })).toEqual([false, false]);
  });
});
