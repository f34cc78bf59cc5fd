/** @file Products that show the same picture as an earlier one are marked, for people to decide. */
import { and, eq, inArray, isNotNull, min, ne, or } from 'drizzle-orm';
import type { Orm } from '../database/open.ts';
import { importItems } from '../database/schema/imports.ts';
import { productPhotos } from '../database/schema/photos.ts';
import { products } from '../database/schema/products.ts';

/** A product, and the photos of others that show the same picture as one of its own. */
export interface SamePictures {
  readonly product: number;
  readonly hashes: readonly string[];
}

/**
 * All products of one picture name the earliest of them: by the import and the place in it, not by who was written first,
 * so that the order in which jobs are done makes no difference.
 */
export async function flagSamePictures(orm: Orm, found: readonly SamePictures[]): Promise<void> {
  for (const { product, hashes } of found) {
    if (hashes.length === 0) continue;
    const { photoHash, productId } = productPhotos;
    const owners = await orm.selectDistinct({ id: productId }).from(productPhotos).where(inArray(photoHash, [...hashes])); // prettier-ignore
    const others = owners.flatMap(({ id }) => (id === product ? [] : [id]));
    if (others.length === 0) continue;
    const named = await orm.select({ id: products.id, of: products.duplicateOf }).from(products).where(inArray(products.id, [product, ...others])); // prettier-ignore
    const family = [...new Set(named.flatMap(({ id, of }) => (of === null ? [id] : [id, of])))];
    const first = await earliest(orm, family);
    const rest = family.filter((id) => id !== first);
    const later = or(inArray(products.id, rest), inArray(products.duplicateOf, rest));
    await orm
      .update(products)
      .set({ duplicateOf: first })
      .where(and(later, ne(products.id, first)));
    await orm.update(products).set({ duplicateOf: null }).where(and(eq(products.id, first), isNotNull(products.duplicateOf))); // prettier-ignore
  }
}

/** What came with no import was there before all. */
async function earliest(orm: Orm, ids: readonly number[]): Promise<number> {
  const { productId, importId, position, state } = importItems;
  const found = await orm
    .select({ id: productId, importId, position: min(position) })
    .from(importItems)
    .where(and(inArray(productId, [...ids]), eq(state, 'added')))
    .groupBy(productId, importId);
  const ranks = ids.map((id) => {
    const [own] = found.filter((row) => row.id === id).sort((a, b) => a.importId - b.importId);
    return { id, importId: own?.importId ?? 0, position: own?.position ?? 0 };
  });
  return ranks.sort((a, b) => a.importId - b.importId || a.position - b.position || a.id - b.id)[0]!.id;
}
