/** @file Photos that a column of the table says belong together, on top of duplicates. */
import type { LabelledPhoto } from './dataset.ts';
import type { DuplicateGroups } from './duplicates.ts';

/** Joins groups of duplicates that have photos of one group of the table (one product, one sender). */
export function withTableGroups(photos: readonly LabelledPhoto[], duplicates: DuplicateGroups): DuplicateGroups {
  const parent = [...duplicates.groupOf];
  const root = (index: number): number => (parent[index] === index ? index : (parent[index] = root(parent[index]!)));
  const firstOf = new Map<string, number>();
  const reasons = [...duplicates.reasons];
  photos.forEach(({ group }, index) => {
    if (group === undefined) return;
    const first = firstOf.get(group);
    if (first === undefined) {
      firstOf.set(group, index);
      return;
    }
    const [a, b] = [root(first), root(index)];
    parent[Math.max(a, b)] = Math.min(a, b);
    reasons[index] = `${reasons[index]!}; of the group ${group}`;
  });
  return { ...duplicates, groupOf: parent.map((_, index) => root(index)), reasons };
}
