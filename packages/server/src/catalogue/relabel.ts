/** @file What a model says of products that are there already, in place of what another one said. */
import type { Taxonomy } from '@busana/contracts';
import type { Answer } from '@busana/vision';
import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Orm } from '../database/open.ts';
import { attributeChanges, predictions, productAttributes } from '../database/schema/labels.ts';
import { productPhotos } from '../database/schema/photos.ts';
import { products } from '../database/schema/products.ts';
import { heedTitle } from '../imports/heed-title.ts';
import { readingOf, type Reading } from './reading.ts';

/**
 * Products are read by their first photo. What people have said of a product stays, and with it all its labels: they have
 * looked at it. Writing the same again changes nothing.
 * @param answers by the hash of the photo
 * @returns products whose labels are the model's
 */
export async function relabel(
  orm: Orm,
  answers: ReadonlyMap<string, Answer>,
  { modelHash, taxonomy }: { readonly modelHash: string; readonly taxonomy: Taxonomy },
): Promise<number> {
  const readable = [...answers].filter(([, { prediction }]) => prediction.status !== 'error').map(([hash]) => hash);
  if (readable.length === 0) return 0;
  return orm.transaction(async (transaction) => {
    const { id, title } = products;
    const found = await transaction
      .select({ id, title, hash: productPhotos.photoHash })
      .from(products)
      .innerJoin(productPhotos, and(eq(productPhotos.productId, id), eq(productPhotos.position, 0)))
      .where(inArray(productPhotos.photoHash, readable))
      .orderBy(asc(id))
      .for('update', { of: products });
    const judged = await judgedBy(transaction, found.map((product) => product.id)); // prettier-ignore
    const readings = found.map((product) => {
      return { ...product, reading: readingOf(heedTitle(answers.get(product.hash)!, product, taxonomy)) };
    });
    for (const { id: productId, reading } of readings) {
      const said = { modelHash, ...reading.answer };
      await transaction.insert(predictions).values({ productId, ...said }).onConflictDoUpdate({ target: predictions.productId, set: said }); // prettier-ignore
    }
    const free = readings.filter((product) => !judged.has(product.id));
    for (const product of free) await write(transaction, product.id, product.reading, modelHash);
    return free.length;
  });
}

/** Products of which something stands that a person has said. */
async function judgedBy(orm: Orm, ids: readonly number[]): Promise<Set<number>> {
  if (ids.length === 0) return new Set();
  const undoing = alias(attributeChanges, 'undoing');
  const { productId } = attributeChanges;
  const found = await orm
    .selectDistinct({ productId })
    .from(attributeChanges)
    .leftJoin(undoing, eq(undoing.undoes, attributeChanges.id))
    .where(and(inArray(productId, [...ids]), isNull(attributeChanges.undoes), isNull(undoing.id)));
  return new Set(found.map((row) => row.productId));
}

async function write(orm: Orm, productId: number, reading: Reading, modelHash: string): Promise<void> {
  const { labels, status, reason, jointConfidence } = reading;
  const codes = Object.fromEntries(labels.map(({ attribute, code }) => [attribute, code]));
  await orm
    .update(products)
    .set({ labels: codes, status, reason, jointConfidence, updatedAt: sql`now()` })
    .where(eq(products.id, productId));
  await orm.delete(productAttributes).where(eq(productAttributes.productId, productId));
  const rows = labels.map((label) => ({ productId, source: 'model' as const, modelHash, ...label }));
  await orm.insert(productAttributes).values(rows);
}
