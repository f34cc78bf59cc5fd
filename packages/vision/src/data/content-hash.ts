import { hashOf } from '../hash.ts';
import { readImageBytes } from './bytes.ts';
import type { ImageLocation } from './dataset.ts';

/** Several steps of a run ask for the same photos; a location belongs to one reading of a data set. */
const known = new WeakMap<ImageLocation, string>();

/**
 * SHA-256 of the bytes of a photo, hexadecimal; read once. Renamed, moved and packed photos keep it, and another photo
 * under an old name and time has another: that is worth the reading, a tenth of the time that decoding takes.
 * @throws BusanaError IMAGE_UNREADABLE, ARCHIVE_INVALID
 */
export async function contentHash(location: ImageLocation): Promise<string> {
  return known.get(location) ?? hashOfBytes(location, await readImageBytes(location));
}

/** The same for whoever has the bytes. */
export function hashOfBytes(location: ImageLocation, bytes: Uint8Array): string {
  const hash = hashOf([bytes]);
  known.set(location, hash);
  return hash;
}
