/** @file Products by what their photos look like. */
import { inArray } from 'drizzle-orm';
import { productsOf, type Product } from '../catalogue/find.ts';
import type { Orm } from '../database/open.ts';
import { productPhotos } from '../database/schema/photos.ts';
import type { LookAlike, LookAlikes } from './look-alikes.ts';

export type SimilarProduct = Product & { readonly similarity: number };

export interface SimilarQuery {
  /** Of the model that answers now. */
  readonly appearance: Int8Array;
  readonly limit: number;
  /** A product that is left out: the one that others are compared with. */
  readonly except?: number;
}

/** The products with the most similar photo, each once, the most similar first. */
export async function similarProducts(
  orm: Orm,
  lookAlikes: LookAlikes,
  { appearance, limit, except }: SimilarQuery,
): Promise<SimilarProduct[]> {
  // Several photos may be of one product, and some of none any more.
  for (let photos = 2 * limit + 8; ; photos *= 4) {
    const found = await lookAlikes.find(appearance, photos);
    const best = await bestPhotos(orm, found);
    if (except !== undefined) best.delete(except);
    if (best.size < limit && found.length === photos) continue;
    const chosen = new Map([...best].slice(0, limit));
    const products = await productsOf(orm, [...chosen.keys()]);
    return products
      .map((product) => ({ ...product, similarity: chosen.get(product.id)! }))
      .sort((a, b) => b.similarity - a.similarity || a.id - b.id);
  }
}

/** Similarity by product, the most similar first. */
async function bestPhotos(orm: Orm, found: readonly LookAlike[]): Promise<Map<number, number>> {
  if (found.length === 0) return new Map();
  const { photoHash, productId } = productPhotos;
  const hashes = found.map(({ hash }) => hash);
  const rows = await orm.select({ photoHash, productId }).from(productPhotos).where(inArray(photoHash, hashes));
  const similarity = new Map(found.map((photo) => [photo.hash, photo.similarity]));
  const owners = rows.map((row) => [row.productId, similarity.get(row.photoHash)!] as const);
  const best = new Map<number, number>();
  for (const [product, similar] of owners.sort((a, b) => b[1] - a[1] || a[0] - b[0])) {
    if (!best.has(product)) best.set(product, similar);
  }
  return best;
}
