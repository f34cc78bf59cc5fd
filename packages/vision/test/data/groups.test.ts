/** @file Groups of a table, down to the folds. */
import { trainingConfigSchema } from '@busana/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LabelledPhoto } from '../../src/data/dataset.ts';
import { withTableGroups } from '../../src/data/groups.ts';
import { openDataset } from '../../src/data/open.ts';
import { planSplits } from '../../src/train/splits.ts';
import { tableWith } from '../support/sources.ts';

interface GroupedData {
  readonly groups: readonly (string | undefined)[];
  /** Photos without group at the end. */
  readonly loners: number;
  /** Pairs of duplicates. */
  readonly copies: readonly (readonly [number, number])[];
  readonly folds: number;
  readonly seed: number;
}

const photo = (group?: string): LabelledPhoto => ({
  id: '',
  name: '',
  location: { kind: 'file', path: '' },
  targets: [0],
  ...(group !== undefined && { group }),
});

describe('groups of a table', () => {
  it('are read from their column, which is no attribute; an empty cell is no group', async () => {
    const source = await tableWith('who,a', ['ann,x', ',y', ' ann ,y', 'bob,x', ',x']);
    const { photos, taxonomy } = await openDataset({ source, group: 'who' });
    expect(photos.map(({ group }) => group)).toEqual(['ann', undefined, 'ann', 'bob', undefined]);
    expect(taxonomy.attributes.map(({ name }) => name)).toEqual(['a']);
    await expect(openDataset({ source, group: 'whom' })).rejects.toThrow("no column 'whom'; it has id, who, a");
  });

  it('join duplicates of their members, and leave photos without a group alone', () => {
    const photos = [photo('a'), photo('b'), photo(), photo('a'), photo('b'), photo(), photo('c')];
    // Photo 2 is a duplicate of photo 1, photo 4 of photo 3: a and b hang together.
    const reasons = [
      'no duplicate',
      'same as 2',
      'same as 1',
      'same as 4',
      'same as 3',
      'no duplicate',
      'no duplicate',
    ];
    const grouped = withTableGroups(photos, { groupOf: [0, 1, 1, 3, 3, 5, 6], pairs: [], reasons });
    expect(grouped.groupOf).toEqual([0, 0, 0, 0, 0, 5, 6]);
    expect(grouped.reasons).toEqual([
      'of the group a',
      'same as 2; of the group b',
      'same as 1',
      'same as 4; of the group a',
      'same as 3; of the group b',
      'no duplicate',
      'no duplicate',
    ]);
  });

  it('are never in two folds, nor are duplicates of their members', async () => {
    const members = fc.record({
      groups: fc.array(fc.option(fc.constantFrom('a', 'b', 'c', 'd'), { nil: undefined }), {
        minLength: 12,
        maxLength: 50,
      }),
      loners: fc.integer({ min: 5, max: 10 }),
      copies: fc.array(fc.tuple(fc.nat(11), fc.nat(11)), { maxLength: 3 }),
      folds: fc.constantFrom(0, 2, 5),
      seed: fc.nat(1000),
    });
    const plan = async ({ groups, loners, copies, folds, seed }: GroupedData) => {
      const photos = [...groups, ...new Array<undefined>(loners).fill(undefined)].map((group) => photo(group));
      const groupOf = photos.map((_, index) => index);
      for (const [a, b] of copies) groupOf[Math.max(a, b)] = groupOf[Math.min(a, b)]!;
      const duplicates = { groupOf, pairs: [], reasons: photos.map(() => 'no duplicate') };
      let csv = '';
      const splits = await planSplits(
        {
          photos,
          groups: withTableGroups(photos, duplicates),
          validationPhotos: 0,
          run: {
            folder: {
              write: (_, content) => {
                csv = content.toString();
                return Promise.resolve();
              },
            },
          },
        },
        trainingConfigSchema.parse({ folds, seed, val: 0.2 }),
      );
      return { photos, groupOf, splits, csv };
    };
    await fc.assert(
      fc.asyncProperty(members, async (data) => {
        const { photos, groupOf, splits, csv } = await plan(data);
        expect(csv.split('\n')).toHaveLength(photos.length + 2);
        for (const { train, validation } of splits) {
          expect([...train, ...validation].sort((a, b) => a - b)).toEqual(photos.map((_, index) => index));
          const groupsIn = (positions: readonly number[]) => positions.flatMap((index) => photos[index]!.group ?? []);
          const trained = new Set(groupsIn(train));
          expect(groupsIn(validation).filter((group) => trained.has(group))).toEqual([]);
          const copied = new Set(train.map((index) => groupOf[index]));
          expect(validation.filter((index) => copied.has(groupOf[index]))).toEqual([]);
        }
      }),
      { seed: 1, numRuns: 200 },
    );
  });
});
