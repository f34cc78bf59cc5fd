/** @file Photos on their way into the catalogue. */
import type { ImportChange, ImportNote } from '@busana/contracts';
import { sql, type SQL } from 'drizzle-orm';
import { bigint, boolean, index, integer, jsonb, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';
import type { PhotoLocation } from '../../photos/location.ts';
import { time } from './columns.ts';
import { products } from './products.ts';

/** Photos on their way into the catalogue, one row per request. */
export const imports = pgTable(
  'imports',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    /** What was given, in words. */
    source: text().notNull(),
    state: text().$type<'running' | 'done' | 'cancelled' | 'failed'>().notNull().default('running'),
    /** Why it failed. */
    reason: text().notNull().default(''),
    total: integer().notNull(),
    /** Jobs that have photos to bring into the store; the model is asked when there are none left. */
    receiving: integer().notNull().default(0),
    /** Archive that was uploaded for it alone, removed at its end. */
    archive: text(),
    /** Whether its photos are drawn ones, to be removed with one click. */
    demo: boolean().notNull().default(false),
    /** Whose word the labels of its table are. */
    actor: text().notNull().default('import'),
    createdAt: time(),
    finishedAt: timestamp({ withTimezone: true, mode: 'date' }),
  },
  (table) => [
    index('imports_running')
      .on(table.id)
      .where(sql`state = 'running'`),
  ],
);

/** What a shop says of a product itself. */
export interface ProductFields {
  readonly sku?: string;
  readonly title?: string;
  readonly price?: number;
  readonly quantity?: number;
  /** What photos of one product have in common within an import, where it has no number. */
  readonly key?: string;
  /** Code by attribute, as the table says them; null for one that a person has taken away. */
  readonly labels?: Readonly<Record<string, string | null>>;
}

/** What becomes of each photo. A row leaves `waiting` in the transaction that writes its product, and never comes back. */
export const importItems = pgTable(
  'import_items',
  {
    importId: bigint({ mode: 'number' })
      .notNull()
      .references(() => imports.id, { onDelete: 'cascade' }),
    /** In the order they were given, from 0. */
    position: integer().notNull(),
    /** What people call the photo. */
    name: text().notNull(),
    /** Null for what could not be found. */
    location: jsonb().$type<PhotoLocation>(),
    /** Of the photo, as soon as it is in the store. */
    photoHash: text(),
    product: jsonb().$type<ProductFields>().notNull().default({}),
    /** `key` of {@link product}. */
    productKey: text().generatedAlwaysAs((): SQL => sql`${importItems.product}->>'key'`),
    state: text().$type<'waiting' | 'added' | 'duplicate' | 'failed'>().notNull().default('waiting'),
    reason: text().notNull().default(''),
    /** What of its row was passed over, and why; the photo is taken all the same. */
    warning: text().notNull().default(''),
    /** The same as both, for programs. */
    notes: jsonb().$type<readonly ImportNote[]>().notNull().default([]),
    /** What its row has changed of a product that was there already. */
    changes: jsonb().$type<readonly ImportChange[]>().notNull().default([]),
    /** The product it has become part of, or that has the same photo already. */
    productId: bigint({ mode: 'number' }).references(() => products.id, { onDelete: 'set null' }),
  },
  (table) => [
    primaryKey({ columns: [table.importId, table.position] }),
    index().on(table.importId, table.state, table.position),
    index().on(table.importId, table.productKey),
    index().on(table.productId),
  ],
);
