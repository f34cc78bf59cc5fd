/** @file Photos that a column of the table says belong together, on top of duplicates. */
import { appendTo } from '../append-to.ts';
import type { LabelledPhoto } from './dataset.ts';
import { NO_DUPLICATE, type DuplicateGroups } from './duplicates.ts';

/** Joins groups of duplicates that have photos of one group of the table (one product, one sender). */
export function withTableGroups(photos: readonly LabelledPhoto[], duplicates: DuplicateGroups): DuplicateGroups {
  const parent = [...duplicates.groupOf];
  const root = (index: number): number => (parent[index] === index ? index : (parent[index] = root(parent[index]!)));
  const members = new Map<string, number[]>();
  photos.forEach(({ group }, index) => {
    if (group !== undefined) appendTo(members, group, index);
  });
  const reasons = [...duplicates.reasons];
  for (const [group, [first, ...others]] of members) {
    if (others.length === 0) continue;
    for (const index of [first!, ...others]) {
      const [a, b] = [root(first!), root(index)];
      parent[Math.max(a, b)] = Math.min(a, b);
      const why = `of the group ${group}`;
      reasons[index] = reasons[index] === NO_DUPLICATE ? why : `${reasons[index]!}; ${why}`;
    }
  }
  return { ...duplicates, groupOf: parent.map((_, index) => root(index)), reasons };
}
