/** @file What people look for: products by label, status and words, a page at a time. */
import { and, desc, eq, getTableColumns, inArray, lt, or, sql, type SQL } from 'drizzle-orm';
import type { Orm } from '../database/open.ts';
import { productPhotos } from '../database/schema/photos.ts';
import { products } from '../database/schema/products.ts';

export interface ProductFilter {
  /** Codes by attribute; a product has to have one of each attribute's. */
  readonly labels?: Readonly<Record<string, readonly string[]>>;
  readonly status?: readonly string[];
  /** Words that its title or number has to have, stemmed in Indonesian or English. */
  readonly words?: readonly string[];
}

export interface Page {
  /** Products older than this one: the last of the page before. */
  readonly before?: number;
  /** 1..200 */
  readonly limit: number;
}

export type Product = Omit<typeof products.$inferSelect, 'search'> & { readonly photoHash: string | null };

/** Products that pass, the newest first. A page is found as fast at the end of the list as at its beginning. */
export async function findProducts(orm: Orm, filter: ProductFilter, { before, limit }: Page): Promise<Product[]> {
  return cards(orm)
    .where(and(...conditions(filter), before === undefined ? undefined : lt(products.id, before)))
    .orderBy(desc(products.id))
    .limit(limit);
}

/** Some products, in whatever order. */
export async function productsOf(orm: Orm, ids: readonly number[]): Promise<Product[]> {
  return ids.length === 0 ? [] : cards(orm).where(inArray(products.id, [...ids]));
}

/** Products as lists show them. */
function cards(orm: Orm) {
  const { search, ...columns } = getTableColumns(products);
  return orm
    .select({ ...columns, photoHash: productPhotos.photoHash })
    .from(products)
    .leftJoin(productPhotos, and(eq(productPhotos.productId, products.id), eq(productPhotos.position, 0)))
    .$dynamic();
}

/** Which of the words stand in a title or a number of some product. */
export async function wordsInUse(orm: Orm, words: readonly string[]): Promise<Set<string>> {
  const used = await Promise.all(
    [...new Set(words)].map(async (word) => {
      // Counted and not only looked for: where one is enough, the planner reads the table up to the first, which for a
      // word of no title is the whole table.
      const found = await orm.$count(products, and(...conditions({ words: [word] })));
      return found > 0 ? [word] : [];
    }),
  );
  return new Set(used.flat());
}

/** A filter as conditions on {@link products}. */
export function conditions({ labels = {}, status, words = [] }: ProductFilter): SQL[] {
  const byLabel = Object.entries(labels).map(([attribute, codes]) =>
    // Containment, which the index on labels answers.
    or(...codes.map((code) => sql`${products.labels} @> ${JSON.stringify({ [attribute]: code })}::jsonb`)),
  );
  const byWord = words.map(
    (word) =>
      sql`${products.search} @@ (plainto_tsquery('indonesian', ${word}) || plainto_tsquery('english', ${word}) ||
        plainto_tsquery('simple', ${word}))`,
  );
  const byStatus = status === undefined ? [] : [inArray(products.status, [...status])];
  return [...byLabel, ...byWord, ...byStatus].filter((condition) => condition !== undefined);
}
