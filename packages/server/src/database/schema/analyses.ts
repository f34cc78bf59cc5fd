/** @file What was found out about the catalogue as a whole. */
import type { AnalysisFindings, CatalogueAnalysis } from '@busana/contracts';
import { bigint, jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core';

/** Analyses of the catalogue: one that is to be made or is being made, and the last that was. */
export const analyses = pgTable('analyses', {
  id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  state: text().$type<'running' | 'done' | 'failed'>().notNull().default('running'),
  /** Why it failed. */
  reason: text().notNull().default(''),
  /** Of one that is running. */
  progress: jsonb().$type<CatalogueAnalysis['progress']>(),
  /** Null until it is done. */
  findings: jsonb().$type<AnalysisFindings>(),
  finishedAt: timestamp({ withTimezone: true, mode: 'date' }),
});
