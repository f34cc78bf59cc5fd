/** @file The whole catalogue, a page at a time: however large it is, little of it is in memory. */
import { asc, eq, gt, inArray } from 'drizzle-orm';
import { judgementsOf } from '../catalogue/judgements.ts';
import type { Orm } from '../database/open.ts';
import { productAttributes } from '../database/schema/labels.ts';
import { photos, productPhotos } from '../database/schema/photos.ts';
import { products, type Labels } from '../database/schema/products.ts';

export interface ExportedProduct {
  readonly id: number;
  readonly sku: string | null;
  readonly title: string;
  readonly price: number | null;
  readonly quantity: number;
  readonly status: string;
  readonly jointConfidence: number | null;
  readonly labels: Labels;
  /** `model` or `person` by attribute, also of a label that a person has taken away. */
  readonly sources: Readonly<Record<string, string>>;
  /** In their order, the first for lists. */
  readonly photos: readonly { readonly hash: string; readonly name: string }[];
}

const PAGE = 500;

/** The oldest first. */
export async function* exportedProducts(orm: Orm): AsyncGenerator<ExportedProduct> {
  const { id, sku, title, price, quantity, status, jointConfidence, labels } = products;
  for (let after = 0; ;) {
    const page = await orm
      .select({ id, sku, title, price, quantity, status, jointConfidence, labels })
      .from(products)
      .where(gt(id, after))
      .orderBy(asc(id))
      .limit(PAGE);
    if (page.length === 0) return;
    const ids = page.map((product) => product.id);
    const [photosOf, sourcesOf] = [await photosByProduct(orm, ids), await sourcesByProduct(orm, ids)];
    for (const product of page) {
      yield { ...product, photos: photosOf.get(product.id) ?? [], sources: sourcesOf.get(product.id) ?? {} };
    }
    after = page.at(-1)!.id;
  }
}

async function photosByProduct(orm: Orm, ids: readonly number[]) {
  const { productId, position } = productPhotos;
  const rows = await orm
    .select({ productId, hash: photos.hash, name: photos.name })
    .from(productPhotos)
    .innerJoin(photos, eq(photos.hash, productPhotos.photoHash))
    .where(inArray(productId, [...ids]))
    .orderBy(asc(productId), asc(position));
  const found = new Map<number, { hash: string; name: string }[]>();
  for (const { productId: product, ...photo } of rows) found.set(product, [...(found.get(product) ?? []), photo]);
  return found;
}

async function sourcesByProduct(orm: Orm, ids: readonly number[]) {
  const { productId, attribute, source } = productAttributes;
  const rows = await orm.select({ productId, attribute, source }).from(productAttributes).where(inArray(productId, [...ids])); // prettier-ignore
  const found = new Map<number, Record<string, string>>();
  for (const row of rows) found.set(row.productId, { ...found.get(row.productId), [row.attribute]: row.source });
  for (const [product, judgements] of await judgementsOf(orm, ids)) {
    const gone = [...judgements].filter(
      ([name, { code }]) => code === null && found.get(product)?.[name] === undefined,
    );
    found.set(product, { ...found.get(product), ...Object.fromEntries(gone.map(([name]) => [name, 'person'])) });
  }
  return found;
}
