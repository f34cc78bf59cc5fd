/** @file What the database knows of the photos that the store has. */
import { BusanaError } from '@busana/contracts';
import { eq, inArray } from 'drizzle-orm';
import type { Orm } from '../database/open.ts';
import { photos, productPhotos } from '../database/schema/photos.ts';
import type { StoredPhoto } from './store.ts';

/** Photos that are known already stay as they are. */
export async function recordPhotos(
  orm: Orm,
  kept: readonly (StoredPhoto & { readonly name: string })[],
): Promise<void> {
  if (kept.length === 0) return;
  await orm
    .insert(photos)
    .values([...kept])
    .onConflictDoNothing();
}

/** Those of these photos that a product has. */
export async function withProducts(orm: Orm, hashes: readonly string[]): Promise<Set<string>> {
  if (hashes.length === 0) return new Set();
  const { photoHash } = productPhotos;
  const found = await orm.selectDistinct({ photoHash }).from(productPhotos).where(inArray(photoHash, [...hashes])); // prettier-ignore
  return new Set(found.map((row) => row.photoHash));
}

/** @throws BusanaError PHOTO_NOT_FOUND */
export async function photoFormat(orm: Orm, hash: string): Promise<string> {
  const [photo] = await orm.select({ format: photos.format }).from(photos).where(eq(photos.hash, hash));
  if (photo === undefined) throw new BusanaError('PHOTO_NOT_FOUND', `there is no photo ${hash}`);
  return photo.format;
}
