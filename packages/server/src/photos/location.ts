/** @file Where the bytes of a photo on its way into the catalogue are. */
import type { ImageFile, ImageLocation } from '@busana/vision';

/** `stored`: under a key of the storage; `packed`: in an archive there. Those of vision are this machine's alone. */
export type PhotoLocation =
  | ImageLocation
  | { readonly kind: 'stored'; readonly key: string }
  | { readonly kind: 'packed'; readonly archive: string; readonly entry: string };

/** A photo that was given, and where. */
export type GivenPhoto = ImageFile<PhotoLocation>;

/** The same entry of an archive that is in the storage under a key. */
export function packed({ name, location }: ImageFile, archive: string): GivenPhoto {
  return { name, location: location.kind === 'zip' ? { kind: 'packed', archive, entry: location.entry } : location };
}
