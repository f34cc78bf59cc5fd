/** @file What products are said to be, by whom, and what was said before. */
import type { Reason } from '@busana/contracts';
import { sql } from 'drizzle-orm';
import { bigint, boolean, index, jsonb, pgTable, primaryKey, real, text } from 'drizzle-orm/pg-core';
import { time } from './columns.ts';
import { models } from './models.ts';
import { products } from './products.ts';

/** What a model has answered to a product's first photo, every class of it. */
export const predictions = pgTable('predictions', {
  productId: bigint({ mode: 'number' })
    .primaryKey()
    .references(() => products.id, { onDelete: 'cascade' }),
  modelHash: text()
    .notNull()
    .references(() => models.hash),
  /** Per attribute and code, 0..1. */
  probabilities: jsonb().$type<Readonly<Record<string, Readonly<Record<string, number>>>>>().notNull(),
  /** Why it was not accepted, each of them. */
  reasons: jsonb().$type<readonly string[]>().notNull(),
  /** The same for programs; empty where it was asked before they were kept. */
  doubts: jsonb().$type<readonly Reason[]>().notNull().default([]),
});

/** Where each label comes from. A person's stays when a model answers anew. */
export const productAttributes = pgTable(
  'product_attributes',
  {
    productId: bigint({ mode: 'number' })
      .notNull()
      .references(() => products.id, { onDelete: 'cascade' }),
    attribute: text().notNull(),
    code: text().notNull(),
    source: text().$type<'model' | 'person'>().notNull(),
    /** Of the model, 0..1; a person's label has none. */
    confidence: real(),
    modelHash: text().references(() => models.hash),
    changedAt: time(),
  },
  (table) => [
    primaryKey({ columns: [table.productId, table.attribute] }),
    index('product_attributes_person')
      .on(table.productId)
      .where(sql`source = 'person'`),
  ],
);

/** A label and where it came from. */
export interface LabelState {
  readonly code: string;
  readonly source: 'model' | 'person';
  /** Of the model, 0..1. */
  readonly confidence: number | null;
  readonly modelHash: string | null;
}

/** What a change finds and leaves: a label or none, and how far the product is to be trusted. */
export interface ChangeState {
  readonly label: LabelState | null;
  readonly status: string;
  readonly reason: string;
}

/** Every change of a label by a person. Nothing here is ever changed; what is undone is one more change. */
export const attributeChanges = pgTable(
  'attribute_changes',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    productId: bigint({ mode: 'number' })
      .notNull()
      .references(() => products.id, { onDelete: 'cascade' }),
    attribute: text().notNull(),
    before: jsonb().$type<ChangeState>().notNull(),
    after: jsonb().$type<ChangeState>().notNull(),
    /** Who. */
    actor: text().notNull(),
    /** Whether a table has said it: then nobody has looked at the photo. */
    fromTable: boolean().notNull().default(false),
    /** The change that this one takes back. */
    undoes: bigint({ mode: 'number' }).unique(),
    /** Changes that were made at once, and are taken back at once. */
    batch: text()
      .notNull()
      .default(sql`gen_random_uuid()`),
    at: time(),
  },
  (table) => [index().on(table.productId, table.id), index().on(table.actor, table.id), index().on(table.batch)],
);
