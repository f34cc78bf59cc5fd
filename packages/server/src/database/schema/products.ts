/** @file What the shop sells, and how much of what there is. */
import { sql, type SQL } from 'drizzle-orm';
import {
  bigint,
  index,
  integer,
  jsonb,
  numeric,
  pgTable,
  primaryKey,
  real,
  text,
  type AnyPgColumn,
} from 'drizzle-orm/pg-core';
import { searchVector, time } from './columns.ts';

/** Codes by attribute, e.g. `{ jenis: '0', warna: '3' }`. */
export type Labels = Readonly<Record<string, string>>;

/** What the shop sells. */
export const products = pgTable(
  'products',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    /** The shop's own number, where it has one. */
    sku: text().unique(),
    title: text().notNull().default(''),
    price: numeric({ precision: 14, scale: 2, mode: 'number' }),
    /** Pieces in stock. */
    quantity: integer().notNull().default(1),
    /** `accept`, `review`, `unknown` or `error`, as predictions have it; `accept` once a person has looked. */
    status: text().notNull().default('review'),
    reason: text().notNull().default(''),
    /** Probability that all labels of the model are right, 0..1. */
    jointConfidence: real(),
    /** An earlier product that a photo of this one shows as well: compressed or scaled anew, or another print. */
    duplicateOf: bigint({ mode: 'number' }).references((): AnyPgColumn => products.id, { onDelete: 'set null' }),
    /** What counts now, of model or person: the same as in {@link productAttributes}, in one place for filters. */
    labels: jsonb().$type<Labels>().notNull().default({}),
    createdAt: time(),
    updatedAt: time(),
    /** Words of title and number, stemmed in both languages. */
    search: searchVector().generatedAlwaysAs(
      (): SQL => sql`to_tsvector('indonesian'::regconfig, ${products.title}) ||
        to_tsvector('english'::regconfig, ${products.title}) ||
        to_tsvector('simple'::regconfig, coalesce(${products.sku}, ''))`,
    ),
  },
  (table) => [
    index('products_labels').using('gin', table.labels.op('jsonb_path_ops')),
    index('products_search').using('gin', table.search),
    index('products_waiting')
      .on(sql`coalesce(${table.jointConfidence}, 0)`, table.id)
      .where(sql`status <> 'accept'`),
    index().on(table.duplicateOf),
  ],
);

/**
 * Products and pieces per combination of labels and status, kept by a trigger on {@link products}. Facets and the stock
 * matrix are sums over this table: as fast for a million products as for ten.
 */
export const stockCells = pgTable(
  'stock_cells',
  {
    labels: jsonb().$type<Labels>().notNull(),
    status: text().notNull(),
    products: integer().notNull(),
    pieces: bigint({ mode: 'number' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.labels, table.status] })],
);
