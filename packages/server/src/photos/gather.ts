/** @file Photos as files on this machine, for work that takes long. */
import { BusanaError } from '@busana/contracts';
import { hasCode, inParallel, makeFolder, unwritable } from '@busana/vision';
import { copyFile, link } from 'node:fs/promises';
import { join } from 'node:path';
import type { PhotoStore } from './store.ts';

/**
 * Where photos are on this machine until the caller removes the folder. Of a photo that is gone or damaged the path leads
 * nowhere: whoever reads it is told so.
 * @param folder for photos of a storage that is elsewhere; made where needed
 * @returns each with its path
 * @throws BusanaError STORAGE_UNAVAILABLE, OUTPUT_UNWRITABLE
 */
export async function gatherPhotos<Known extends { readonly hash: string }>(
  store: Pick<PhotoStore, 'place' | 'local'>,
  photos: readonly Known[],
  folder: string,
): Promise<(Known & { readonly path: string })[]> {
  const located = photos.map((photo) => ({ ...photo, path: store.place(photo.hash) ?? join(folder, photo.hash) }));
  const elsewhere = located.filter(({ hash }) => store.place(hash) === undefined);
  if (elsewhere.length > 0) await makeFolder(folder);
  await inParallel(elsewhere, async ({ hash, path }) => {
    try {
      await linkOrCopy(await store.local(hash), path);
    } catch (error) {
      if (!(error instanceof BusanaError) || !gone.has(error.code)) throw error;
    }
  });
  return located;
}

const gone: ReadonlySet<string> = new Set(['PHOTO_NOT_FOUND', 'OBJECT_DAMAGED']);

/** The same file under another name; what is there stays. @throws BusanaError OUTPUT_UNWRITABLE */
export async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return;
    await copyFile(from, to).catch((cause: unknown) => {
      throw unwritable(to, cause);
    });
  }
}
