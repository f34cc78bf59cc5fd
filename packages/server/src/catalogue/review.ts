/** @file Which products a person should look at, in which order, a page at a time. */
import type { reviewOrders, ReviewPage } from '@busana/contracts';
import { and, asc, countDistinct, eq, getTableColumns, gt, inArray, ne, sql, sum } from 'drizzle-orm';
import type { Orm } from '../database/open.ts';
import { predictions, productAttributes } from '../database/schema/labels.ts';
import { productPhotos } from '../database/schema/photos.ts';
import { products, stockCells } from '../database/schema/products.ts';
import { contradicted } from './label-issues.ts';
import type { Place, Waiting } from './queue.ts';

export interface Queue {
  readonly by: (typeof reviewOrders)[number];
  /** Of `second`: whoever asks. */
  readonly who: string;
  /** What the page before ended with. */
  readonly after?: Place;
  readonly limit: number;
}

/** The queue from a place on. */
export async function waitingProducts(
  orm: Orm,
  { by, who, after = { rank: -1, id: 0 }, limit }: Queue,
): Promise<Waiting[]> {
  if (by === 'labels') return contradicted(orm, after, limit);
  const { id, jointConfidence, status } = products;
  const doubt = sql<number>`coalesce(${jointConfidence}, 0)`;
  if (by === 'doubt') {
    const found = await orm
      .select({ id, rank: doubt })
      .from(products)
      .where(and(ne(status, 'accept'), sql`(${doubt}, ${id}) > (${after.rank}::real, ${after.id}::bigint)`))
      .orderBy(asc(doubt), asc(id))
      .limit(limit);
    return found.map((product) => ({ ...product, issue: null }));
  }
  // Judged by somebody, and not by whoever asks.
  const judged = sql`exists (select 1 from attribute_changes c where c.product_id = ${id} and c.undoes is null)`;
  const own = sql`exists (select 1 from attribute_changes c where c.product_id = ${id} and c.actor = ${who})`;
  const found = await orm
    .select({ id })
    .from(products)
    .where(and(gt(id, after.id), judged, sql`not ${own}`))
    .orderBy(asc(id))
    .limit(limit);
  return found.map((product) => ({ ...product, rank: 0, issue: null }));
}

/** Products with all that is known of them for a judgement, in any order. */
export async function productsToJudge(orm: Orm, ids: readonly number[]) {
  if (ids.length === 0) return [];
  const { search, ...columns } = getTableColumns(products);
  const { probabilities, reasons, doubts } = predictions;
  return orm
    .select({ ...columns, photoHash: productPhotos.photoHash, probabilities, reasons, doubts })
    .from(products)
    .leftJoin(productPhotos, and(eq(productPhotos.productId, products.id), eq(productPhotos.position, 0)))
    .leftJoin(predictions, eq(predictions.productId, products.id))
    .where(inArray(products.id, [...ids]));
}

/** Products that a person has judged, and that wait for one. */
export async function reviewProgress(orm: Orm): Promise<ReviewPage['progress']> {
  const [judged] = await orm
    .select({ products: countDistinct(productAttributes.productId) })
    .from(productAttributes)
    .where(eq(productAttributes.source, 'person'));
  const [left] = await orm
    .select({ products: sum(stockCells.products).mapWith(Number) })
    .from(stockCells)
    .where(ne(stockCells.status, 'accept'));
  return { reviewed: judged?.products ?? 0, waiting: left?.products ?? 0 };
}
