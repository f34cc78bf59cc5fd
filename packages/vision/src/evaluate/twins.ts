/** @file Photos that show what another one shows: copies, near-copies, one garment photo in several colours. */

/** Photos that were judged: positions in the data set, and the fold of each. */
export interface Judged {
  readonly photos: readonly number[];
  readonly folds: readonly number[];
}

/**
 * Which judged photos say something of their own: the first of each group, unless its network was trained on another
 * photo of the group. Photos that were not judged were trained on.
 * @param groupOf group of each photo of the data set, from whatever tells that photos belong together
 */
export function withoutTwins({ photos, folds }: Judged, groupOf: readonly number[]): boolean[] {
  const foldOf = new Map(photos.map((photo, row) => [photo, folds[row]!]));
  const firstOf = new Map<number, number>();
  for (const photo of photos) {
    const group = groupOf[photo]!;
    if (!firstOf.has(group)) firstOf.set(group, photo);
  }
  const split = new Set<number>();
  groupOf.forEach((group, photo) => {
    const first = firstOf.get(group);
    if (first !== undefined && foldOf.get(photo) !== foldOf.get(first)) split.add(group);
  });
  return photos.map((photo) => firstOf.get(groupOf[photo]!) === photo && !split.has(groupOf[photo]!));
}
