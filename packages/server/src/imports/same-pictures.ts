/** @file Products that show the same picture as an earlier one are marked, for people to decide. */
import { eq, inArray } from 'drizzle-orm';
import type { Orm } from '../database/open.ts';
import { productPhotos } from '../database/schema/photos.ts';
import { products } from '../database/schema/products.ts';

/** A photo, and others that show the same picture. */
interface Seen {
  readonly same?: readonly string[];
}

/** @param added photos that have become part of a product, and of which @returns what people are told of them */
export async function flagSamePictures<T extends Seen>(
  orm: Orm,
  added: ReadonlyMap<T, number>,
): Promise<Map<T, string>> {
  const hashes = [...added.keys()].flatMap(({ same = [] }) => same);
  if (hashes.length === 0) return new Map();
  const { photoHash, productId } = productPhotos;
  const owners = await orm.select({ photoHash, productId }).from(productPhotos).where(inArray(photoHash, hashes));
  const reasons = new Map<T, string>();
  for (const [outcome, id] of added) {
    const earlier = owners.filter((owner) => outcome.same?.includes(owner.photoHash) === true && owner.productId < id);
    if (earlier.length === 0) continue;
    const first = Math.min(...earlier.map((owner) => owner.productId));
    await orm.update(products).set({ duplicateOf: first }).where(eq(products.id, id));
    reasons.set(outcome, `the same picture as product ${first}`);
  }
  return reasons;
}
