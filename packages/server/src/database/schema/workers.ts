/** @file Who works at which job; the jobs themselves are in the tables of the queue. */
import { sql } from 'drizzle-orm';
import { bigint, index, integer, jsonb, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { time } from './columns.ts';

/** Processes that work at jobs. */
export const workers = pgTable('workers', {
  id: uuid()
    .primaryKey()
    .default(sql`gen_random_uuid()`),
  /** Name of the machine. */
  host: text().notNull(),
  pid: integer().notNull(),
  queues: jsonb().$type<readonly string[]>().notNull(),
  /** Jobs of each queue at once. */
  concurrency: integer().notNull(),
  /**
   * Counted up while it is alive. Whether it is, others tell by whether this number moves, each by its own stopwatch: no
   * clock that is set can make a worker look dead.
   */
  beats: bigint({ mode: 'number' }).notNull().default(0),
  startedAt: time(),
  /** For people. */
  seenAt: timestamp({ withTimezone: true, mode: 'date' }).notNull().defaultNow(),
});

/** Which job is whose. A job that is being done and has no row here belongs to nobody any more. */
export const claims = pgTable(
  'claims',
  {
    jobId: uuid().primaryKey(),
    queue: text().notNull(),
    workerId: uuid()
      .notNull()
      .references(() => workers.id, { onDelete: 'cascade' }),
    at: time(),
  },
  (table) => [index().on(table.workerId)],
);
