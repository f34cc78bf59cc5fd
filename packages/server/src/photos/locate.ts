/** @file Photos as paths for a moment, for the model to be asked about. */
import { BusanaError } from '@busana/contracts';
import { inParallel } from '@busana/vision';
import { ofStorage } from '../storage/of-storage.ts';
import type { PhotoStore } from './store.ts';

/**
 * Many at once: of a storage that is elsewhere each takes its time.
 * @returns by hash the path, or what is wrong with that photo
 * @throws BusanaError STORAGE_UNAVAILABLE, OUTPUT_UNWRITABLE: what is wrong with all of them
 */
export async function locatePhotos(
  store: Pick<PhotoStore, 'local'>,
  hashes: readonly string[],
): Promise<Map<string, string | BusanaError>> {
  const found = new Map<string, string | BusanaError>();
  await inParallel(hashes, async (hash) => {
    found.set(
      hash,
      await store.local(hash).catch((error: unknown) => {
        if (!(error instanceof BusanaError) || ofStorage(error)) throw error;
        return error;
      }),
    );
  });
  return found;
}
