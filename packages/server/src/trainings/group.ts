/** @file Photos that show the same, or are of one product: they are learnt from together or not at all. */
import { findDuplicateGroups, withTableGroups, type LabelledPhoto } from '@busana/vision';
import type { ConfirmedPhoto } from '../jobs/tasks.ts';

/** @returns per photo the position of the first of its group */
export async function groupPhotos(
  photos: readonly ConfirmedPhoto[],
  cache: string,
): Promise<{ groupOf: readonly number[] }> {
  const known = photos.map(({ hash, path, product }): LabelledPhoto => ({
    id: hash,
    name: hash,
    location: { kind: 'file', path },
    group: String(product),
    targets: [],
  }));
  const { groupOf } = withTableGroups(known, await findDuplicateGroups(known, { cache }));
  return { groupOf };
}
