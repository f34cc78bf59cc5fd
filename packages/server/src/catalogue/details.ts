/** @file All that is known of one product. */
import { BusanaError } from '@busana/contracts';
import { asc, desc, eq } from 'drizzle-orm';
import type { Orm } from '../database/open.ts';
import { attributeChanges, predictions, productAttributes } from '../database/schema/labels.ts';
import { productPhotos } from '../database/schema/photos.ts';
import { products } from '../database/schema/products.ts';

/** @throws BusanaError PRODUCT_NOT_FOUND */
export async function productDetails(orm: Orm, id: number) {
  const [product] = await orm.select().from(products).where(eq(products.id, id));
  if (product === undefined) throw new BusanaError('PRODUCT_NOT_FOUND', `there is no product ${id}`);
  const photos = await orm
    .select({ hash: productPhotos.photoHash })
    .from(productPhotos)
    .where(eq(productPhotos.productId, id))
    .orderBy(asc(productPhotos.position));
  const [said] = await orm.select().from(predictions).where(eq(predictions.productId, id));
  return {
    ...product,
    /** Of the reason that it has; what a model has said since of a product that somebody had looked at is not it. */
    doubts: said?.reasons.join('; ') === product.reason ? said.doubts : [],
    photos: photos.map(({ hash }) => hash),
    attributes: await orm.select().from(productAttributes).where(eq(productAttributes.productId, id)),
    /** The newest first. */
    history: await orm
      .select()
      .from(attributeChanges)
      .where(eq(attributeChanges.productId, id))
      .orderBy(desc(attributeChanges.id)),
  };
}
