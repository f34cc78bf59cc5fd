/** @file What a table says of products that are there: the cells that are filled, and no others. */
import type { ImportChange } from '@busana/contracts';
import { and, asc, eq, inArray, ne, or, sql } from 'drizzle-orm';
import { takeLabels } from '../catalogue/take-labels.ts';
import type { Orm } from '../database/open.ts';
import { importItems, imports, type ProductFields } from '../database/schema/imports.ts';
import { products } from '../database/schema/products.ts';

export type KnownProduct = Pick<typeof products.$inferSelect, 'id' | 'sku' | 'title' | 'price' | 'quantity'>;

/** What a row says of a product. */
export interface Said {
  readonly position: number;
  readonly product: ProductFields;
  readonly target: KnownProduct;
}

/** Products by their ids and numbers, for this transaction alone; in one order, so that two wait for each other. */
export async function lockProducts(
  orm: Orm,
  ids: readonly number[],
  skus: readonly string[],
): Promise<readonly KnownProduct[]> {
  if (ids.length === 0 && skus.length === 0) return [];
  const { id, sku, title, price, quantity } = products;
  return orm
    .select({ id, sku, title, price, quantity })
    .from(products)
    .where(or(inArray(id, [...ids]), inArray(sku, [...skus])))
    .orderBy(asc(id))
    .for('update');
}

/** A row, and the product that has its photo. */
interface Owned {
  readonly position: number;
  readonly product: ProductFields;
  readonly owner: KnownProduct | undefined;
}

interface Numbered {
  /** Products by their numbers. */
  readonly numbers: ReadonlyMap<string, KnownProduct>;
  /** By position, which product has got a number. */
  readonly changes: ReadonlyMap<number, ImportChange[]>;
}

/**
 * A number that no product has is given to the one without a number that has the photo; with several of these to that of
 * the first row, and never to a product that this import has come to before.
 */
export async function numberProducts(
  orm: Orm,
  importId: number,
  rows: readonly Owned[],
  known: readonly KnownProduct[],
): Promise<Numbered> {
  const numbers = new Map(known.flatMap((product) => (product.sku === null ? [] : [[product.sku, product]])));
  const changes = new Map<number, ImportChange[]>();
  const wanting = rows.flatMap(({ position, product: { sku }, owner }) => (sku === undefined || owner?.sku !== null ? [] : [{ position, sku, owner }])); // prettier-ignore
  const told = await toldBefore(orm, importId, wanting.map(({ owner }) => owner.id)); // prettier-ignore
  const got = new Set<number>();
  for (const { position, sku, owner } of wanting) {
    if (numbers.has(sku) || got.has(owner.id) || told.has(owner.id)) continue;
    await orm.update(products).set({ sku, updatedAt: sql`now()` }).where(eq(products.id, owner.id)); // prettier-ignore
    got.add(owner.id);
    numbers.set(sku, owner);
    changes.set(position, [{ field: 'sku', from: null, to: sku }]);
  }
  return { numbers, changes };
}

/**
 * Rows of one product say the same of it; where the same photo stands in rows that do not, the first of them counts, and a
 * product that the import has come to before is left as it is. Saying it again changes nothing.
 * @param said in the order of their positions
 * @returns by position, what has changed; one row per product
 */
export async function updateProducts(
  orm: Orm,
  importId: number,
  said: readonly Said[],
): Promise<ReadonlyMap<number, readonly ImportChange[]>> {
  const changes = new Map<number, ImportChange[]>();
  const filled = said.filter(({ product: { key, sku, ...fields } }) => Object.keys(fields).length > 0);
  if (filled.length === 0) return changes;
  const told = await toldBefore(orm, importId, filled.map(({ target }) => target.id)); // prettier-ignore
  const firsts = filled.filter(({ target: { id } }, at) => !told.has(id) && filled.findIndex(({ target }) => target.id === id) === at); // prettier-ignore
  for (const { position, product, target } of firsts) {
    const changed = changesOf(product, target);
    if (changed.length === 0) continue;
    const set = Object.fromEntries(changed.map(({ field, to }) => [field, to]));
    await orm.update(products).set({ ...set, updatedAt: sql`now()` }).where(eq(products.id, target.id)); // prettier-ignore
    changes.set(position, changed);
  }
  const labels = firsts.flatMap(({ target, product: { labels } }) => (labels === undefined ? [] : [{ productId: target.id, labels }])); // prettier-ignore
  for (const { productId, attribute, from, to } of await takeLabels(orm, labels, await actorOf(orm, importId))) {
    const { position } = firsts.find(({ target }) => target.id === productId)!;
    changes.set(position, [...(changes.get(position) ?? []), { field: attribute, from, to }]);
  }
  return changes;
}

/** Whose word the labels of an import's table are. */
export async function actorOf(orm: Orm, importId: number): Promise<string> {
  const [found] = await orm.select({ actor: imports.actor }).from(imports).where(eq(imports.id, importId));
  return found!.actor;
}

function changesOf(fields: ProductFields, target: KnownProduct): ImportChange[] {
  return (['title', 'price', 'quantity'] as const).flatMap((field) => {
    const [from, to] = [target[field], fields[field]];
    return to === undefined || to === from ? [] : [{ field, from, to }];
  });
}

/** Products that other photos of the import have come to. */
async function toldBefore(orm: Orm, id: number, targets: readonly number[]): Promise<Set<number>> {
  if (targets.length === 0) return new Set();
  const { importId, productId, state } = importItems;
  const found = await orm
    .selectDistinct({ id: productId })
    .from(importItems)
    .where(and(eq(importId, id), inArray(productId, [...targets]), ne(state, 'waiting')));
  return new Set(found.flatMap((row) => row.id ?? []));
}
