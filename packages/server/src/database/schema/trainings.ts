/** @file Models in the making. */
import type { TrainingEpoch } from '@busana/contracts';
import { sql } from 'drizzle-orm';
import { bigint, index, integer, jsonb, pgTable, real, text, timestamp } from 'drizzle-orm/pg-core';
import { time } from './columns.ts';
import { models } from './models.ts';

/** Models that are to be trained on what people have said, are trained, or were. */
export const trainings = pgTable(
  'trainings',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    name: text().notNull(),
    state: text().$type<'running' | 'done' | 'cancelled' | 'failed'>().notNull().default('running'),
    /** Why it failed. */
    reason: text().notNull().default(''),
    approach: text().$type<'heads' | 'fine-tuning'>().notNull(),
    /** A data set of its own, by its name for people; null: what people have confirmed. */
    data: jsonb().$type<{ readonly name: string; readonly path: string }>(),
    epochs: integer().notNull(),
    /** Of a network that begins with random weights; null: that of the model it starts from. */
    architecture: text(),
    /** The model it starts from, but for a network that begins anew, and is compared with. */
    baseHash: text()
      .notNull()
      .references(() => models.hash),
    /** Photos to learn from and to compare on; null before they are chosen. */
    trainPhotos: integer(),
    evaluationPhotos: integer(),
    /** Of one that is running, as far as it is known. */
    secondsLeft: real(),
    /** The model that came out of it. */
    modelHash: text().references(() => models.hash),
    createdAt: time(),
    finishedAt: timestamp({ withTimezone: true, mode: 'date' }),
  },
  (table) => [
    index('trainings_running')
      .on(table.id)
      .where(sql`state = 'running'`),
  ],
);

/** What a training has told, in its order. */
export const trainingEvents = pgTable(
  'training_events',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    trainingId: bigint({ mode: 'number' })
      .notNull()
      .references(() => trainings.id, { onDelete: 'cascade' }),
    /** An epoch, or null for a line of the log. */
    epoch: jsonb().$type<TrainingEpoch>(),
    line: text().notNull().default(''),
    at: time(),
  },
  (table) => [index().on(table.trainingId, table.id)],
);
