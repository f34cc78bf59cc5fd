/** @file What a model says of products that are there already, in place of what another one said. */
import type { Taxonomy } from '@busana/contracts';
import type { Answer } from '@busana/vision';
import { and, asc, eq, inArray, notInArray, sql } from 'drizzle-orm';
import type { Orm } from '../database/open.ts';
import { predictions, productAttributes } from '../database/schema/labels.ts';
import { productPhotos } from '../database/schema/photos.ts';
import { products, type Labels } from '../database/schema/products.ts';
import { heedTitle } from '../imports/heed-title.ts';
import { judgementsOf, type Judgement } from './judgements.ts';
import { readingOf, type Reading } from './reading.ts';

/**
 * Products are read by their first photo. What people have said of a product stays, and with it all its labels: they have
 * looked at it; of one that only tables speak of, the labels that they do not say are the model's. Writing the same again
 * changes nothing.
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
    const { id, title, labels } = products;
    const found = await transaction
      .select({ id, title, labels, hash: productPhotos.photoHash })
      .from(products)
      .innerJoin(productPhotos, and(eq(productPhotos.productId, id), eq(productPhotos.position, 0)))
      .where(inArray(productPhotos.photoHash, readable))
      .orderBy(asc(id))
      .for('update', { of: products });
    const judged = await judgementsOf(transaction, found.map((product) => product.id)); // prettier-ignore
    const readings = found.map((product) => {
      return { ...product, reading: readingOf(heedTitle(answers.get(product.hash)!, product, taxonomy)) };
    });
    for (const { id: productId, reading } of readings) {
      const answer = { modelHash, ...reading.answer };
      await transaction.insert(predictions).values({ productId, ...answer }).onConflictDoUpdate({ target: predictions.productId, set: answer }); // prettier-ignore
    }
    const said = (id: number) => judged.get(id) ?? new Map<string, Judgement>();
    const free = readings.filter((product) => [...said(product.id).values()].every(({ fromTable }) => fromTable));
    for (const product of free) await write(transaction, product, said(product.id), modelHash);
    return free.length;
  });
}

/** What people have said stays, and what they have taken away stays away; the rest is the model's. */
async function write(
  orm: Orm,
  {
    id: productId,
    labels: before,
    reading,
  }: { readonly id: number; readonly labels: Labels; readonly reading: Reading },
  judged: ReadonlyMap<string, Judgement>,
  modelHash: string,
): Promise<void> {
  const { jointConfidence } = reading;
  const labels = reading.labels.filter(({ attribute }) => !judged.has(attribute));
  const { status, reason } = labels.length === 0 ? { status: 'accept' as const, reason: '' } : reading;
  const kept = Object.entries(before).filter(([attribute]) => judged.has(attribute));
  const codes = Object.fromEntries([...kept, ...labels.map(({ attribute, code }) => [attribute, code] as const)]);
  await orm
    .update(products)
    .set({ labels: codes, status, reason, jointConfidence, updatedAt: sql`now()` })
    .where(eq(products.id, productId));
  const own = eq(productAttributes.productId, productId);
  await orm.delete(productAttributes).where(and(own, notInArray(productAttributes.attribute, [...judged.keys()])));
  if (labels.length === 0) return;
  const rows = labels.map((label) => ({ productId, source: 'model' as const, modelHash, ...label }));
  await orm.insert(productAttributes).values(rows);
}
