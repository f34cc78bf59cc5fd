import { createHash } from 'node:crypto';
import { contentHash } from './content-hash.ts';
import type { LabelledPhoto } from './dataset.ts';

/** SHA-256 over ids, labels and the bytes of every photo, in the order of the data set: the same data, the same hash. */
export async function fingerprint(photos: readonly LabelledPhoto[]): Promise<string> {
  const all = createHash('sha256');
  for (const { id, targets, location } of photos) {
    const image = await contentHash(location);
    all.update(`${JSON.stringify([id, targets, image])}\n`);
  }
  return all.digest('hex');
}
