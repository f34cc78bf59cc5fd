import { and, asc, eq, gt, isNull, like, ne, or } from 'drizzle-orm';
import type { Orm } from '../database/open.ts';
import { predictions } from '../database/schema/labels.ts';
import { photoFeatures, photos, productPhotos } from '../database/schema/photos.ts';

export interface UnaskedQuery {
  /** The last one seen. */
  readonly after: string;
  /** With which their hashes begin; any without it. */
  readonly digit?: string;
  readonly limit: number;
}

/**
 * Photos of products that a model has not been asked about, in the order of their hashes: nothing is remembered of them for
 * it, or they are the first of a product that another model has the word on.
 */
export function unaskedPhotos(orm: Orm, model: string, { after, digit = '', limit }: UnaskedQuery) {
  const { productId, photoHash, position } = productPhotos;
  return orm
    .selectDistinct({ hash: photos.hash, name: photos.name })
    .from(photos)
    .innerJoin(productPhotos, eq(photoHash, photos.hash))
    .leftJoin(photoFeatures, and(eq(photoFeatures.photoHash, photos.hash), eq(photoFeatures.modelHash, model)))
    .leftJoin(predictions, and(eq(predictions.productId, productId), eq(position, 0)))
    .where(
      and(
        or(isNull(photoFeatures.id), ne(predictions.modelHash, model)),
        gt(photos.hash, after),
        like(photos.hash, `${digit}%`),
      ),
    ) // prettier-ignore
    .orderBy(asc(photos.hash))
    .limit(limit);
}
