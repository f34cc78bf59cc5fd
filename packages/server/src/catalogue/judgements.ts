/** @file What people have said of products and not taken back. */
import { and, asc, eq, inArray, isNull } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Orm } from '../database/open.ts';
import { attributeChanges } from '../database/schema/labels.ts';

/** The last word of people on an attribute of a product. */
export interface Judgement {
  /** Null where they have taken the label away. */
  readonly code: string | null;
  /** Whether a table says so: then nobody has looked at the photo. */
  readonly fromTable: boolean;
}

/** By product, then by attribute; products of which nobody has said anything are not there. */
export async function judgementsOf(
  orm: Orm,
  products: readonly number[],
): Promise<ReadonlyMap<number, ReadonlyMap<string, Judgement>>> {
  const found = new Map<number, Map<string, Judgement>>();
  if (products.length === 0) return found;
  const undoing = alias(attributeChanges, 'undoing');
  const { id, productId, attribute, after, fromTable, undoes } = attributeChanges;
  const rows = await orm
    .select({ productId, attribute, after, fromTable })
    .from(attributeChanges)
    .leftJoin(undoing, eq(undoing.undoes, id))
    .where(and(inArray(productId, [...products]), isNull(undoes), isNull(undoing.id)))
    .orderBy(asc(id));
  for (const row of rows) {
    const own = found.get(row.productId) ?? new Map<string, Judgement>();
    found.set(row.productId, own.set(row.attribute, { code: row.after.label?.code ?? null, fromTable: row.fromTable }));
  }
  return found;
}
