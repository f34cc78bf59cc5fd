/** @file The models of the shop, and which answered when. */
import type { Metrics, ModelComparison } from '@busana/contracts';
import { sql } from 'drizzle-orm';
import { bigint, boolean, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { time } from './columns.ts';

/** Models that were ever installed; one is active. */
export const models = pgTable(
  'models',
  {
    /** SHA-256 of the file, in hexadecimal. */
    hash: text().primaryKey(),
    name: text().notNull(),
    active: boolean().notNull().default(false),
    /** The training it comes from; null for one that came as a file. */
    trainingId: bigint({ mode: 'number' }),
    /** On the photos that no training has seen; null where nothing was measured. */
    metrics: jsonb().$type<Metrics>(),
    /** With the model that was active before it, on the same photos. */
    comparison: jsonb().$type<ModelComparison>(),
    createdAt: time(),
  },
  (table) => [
    uniqueIndex('models_one_active')
      .on(table.active)
      .where(sql`active`),
  ],
);

/** Which model became active when, and why. Nothing here is ever changed. */
export const modelActivations = pgTable('model_activations', {
  id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  modelHash: text()
    .notNull()
    .references(() => models.hash),
  kind: text().$type<'begin' | 'activate' | 'rollback'>().notNull(),
  actor: text().notNull(),
  at: time(),
});
