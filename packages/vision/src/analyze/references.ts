import type { PhotoReference } from '@busana/contracts';
import type { Dataset, LabelledPhoto, Photo } from '../data/dataset.ts';

/** How findings name the photos of a data set. */
export type Refer = (photo: Photo) => PhotoReference;

export function referencesOf({ photos }: Dataset): Refer {
  const rows = new Map<Photo, number | undefined>(photos.map((photo: LabelledPhoto) => [photo, photo.row]));
  return (photo) => ({ name: photo.name, row: rows.get(photo) ?? null, test: !rows.has(photo) });
}
