/** @file Photos whose labels people have given or confirmed. */
import { asc, countDistinct, eq } from 'drizzle-orm';
import type { Orm } from '../database/open.ts';
import { productAttributes } from '../database/schema/labels.ts';
import { photoParts, photos, productPhotos } from '../database/schema/photos.ts';
import type { KnownPhoto } from '../jobs/tasks.ts';
import type { Part } from './parts.ts';

/** Each once, in the order of their hashes; what only the model says of them is left out. */
export async function confirmedPhotos(orm: Orm): Promise<KnownPhoto[]> {
  const { photoHash, productId } = productPhotos;
  const { attribute, code } = productAttributes;
  const rows = await orm
    .select({ hash: photoHash, format: photos.format, product: productId, attribute, code })
    .from(productAttributes)
    .innerJoin(productPhotos, eq(productPhotos.productId, productAttributes.productId))
    .innerJoin(photos, eq(photos.hash, photoHash))
    .where(eq(productAttributes.source, 'person'))
    .orderBy(asc(photoHash), asc(productId));
  const found = new Map<string, KnownPhoto>();
  for (const { hash, format, product, attribute, code } of rows) {
    const known = found.get(hash) ?? { hash, format, product, labels: {} };
    // A photo of two products is labelled by the older one.
    if (known.product === product) found.set(hash, { ...known, labels: { ...known.labels, [attribute]: code } });
  }
  return [...found.values()];
}

/** How many there are. */
export async function countConfirmed(orm: Orm): Promise<number> {
  const [found] = await orm
    .select({ photos: countDistinct(productPhotos.photoHash) })
    .from(productAttributes)
    .innerJoin(productPhotos, eq(productPhotos.productId, productAttributes.productId))
    .where(eq(productAttributes.source, 'person'));
  return found?.photos ?? 0;
}

/** What was said of photos before. */
export async function knownParts(orm: Orm): Promise<Map<string, Part>> {
  const rows = await orm.select().from(photoParts);
  return new Map(rows.map(({ photoHash, part }) => [photoHash, part]));
}

/** What is said once is never changed. */
export async function keepParts(orm: Orm, parts: ReadonlyMap<string, Part>): Promise<void> {
  const rows = [...parts].map(([photoHash, part]) => ({ photoHash, part }));
  for (let at = 0; at < rows.length; at += 2000) {
    await orm.insert(photoParts).values(rows.slice(at, at + 2000)).onConflictDoNothing(); // prettier-ignore
  }
}
