import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MISSING } from '../../src/data/dataset.ts';
import { assignFolds } from '../../src/data/folds.ts';
import { withTableGroups } from '../../src/data/groups.ts';
import { openDataset } from '../../src/data/open.ts';
import { sharedData } from '../support/shared-data.ts';

describe.skipIf(sharedData === undefined)('the sources of the pretraining recipe', () => {
  it('have the photos, attributes and labels that are there', async () => {
    const recipe = join(import.meta.dirname, '../../../../recipes/pretraining-sources.yaml');
    const { photos, taxonomy } = await openDataset({ source: recipe, verifyImages: false });
    const labelled = taxonomy.attributes.map(({ name, values }, position) => [
      name,
      values.length,
      photos.filter(({ targets }) => targets[position] !== MISSING).length,
    ]);
    expect(photos).toHaveLength(5903);
    expect(labelled).toEqual([
      ['label', 12, 2379],
      ['gender', 5, 3524],
      ['articleType', 8, 3506],
      ['baseColour', 20, 3478],
      ['usage', 5, 3524],
    ]);
    // 224 senders, and the products, which are in no group.
    expect(new Set(photos.map(({ group }) => group)).size).toBe(225);
    expect(photos.filter(({ group }) => group !== undefined)).toHaveLength(2379);
    // Without a search for duplicates, which would only join more.
    const alone = { groupOf: photos.map((_, index) => index), pairs: [], reasons: photos.map(() => 'no duplicate') };
    const { groupOf } = withTableGroups(photos, alone);
    const folds = assignFolds({ targets: photos.map(({ targets }) => targets), groupOf }, { folds: 5, seed: 0 });
    const foldsOf = new Map<string, Set<number>>();
    photos.forEach(({ group }, index) => {
      if (group !== undefined) foldsOf.set(group, (foldsOf.get(group) ?? new Set()).add(folds[index]!));
    });
    expect([...foldsOf.values()].every(({ size }) => size === 1)).toBe(true);
    const sizes = [1, 2, 3, 4, 5].map((fold) => folds.filter((of) => of === fold).length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
  });
});
