/** @file Who is let in. */
import type { Role } from '@busana/contracts';
import { sql } from 'drizzle-orm';
import { bigint, integer, pgTable, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core';
import { time } from './columns.ts';

/** What people and programs show to be let in, where a login is needed. */
export const tokens = pgTable(
  'tokens',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    /** Whose it is. */
    name: text().notNull(),
    role: text().$type<Role>().notNull(),
    /** SHA-256 of the token, in hexadecimal; the token itself is kept nowhere. */
    hash: text().notNull().unique(),
    /** How many it may make; null: as many as any. */
    requestsPerMinute: integer(),
    createdAt: time(),
    lastUsedAt: timestamp({ withTimezone: true, mode: 'date' }),
    revokedAt: timestamp({ withTimezone: true, mode: 'date' }),
  },
  (table) => [
    uniqueIndex('tokens_one_of_a_name')
      .on(table.name)
      .where(sql`revoked_at is null`),
  ],
);
