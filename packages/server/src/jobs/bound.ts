/** @file Statements of the queue's library within a transaction of the catalogue: both happen or neither. */
import { sql, type SQL } from 'drizzle-orm';
import { z } from 'zod';
import type { Orm } from '../database/open.ts';
import type { ExecuteSql } from '../database/queue-tables.ts';

const resultSchema = z.object({ rows: z.array(z.record(z.string(), z.unknown())) });

export type Executor = Pick<Orm, 'execute'>;

/** @param orm a transaction, or the database */
export function within(orm: Executor): ExecuteSql {
  return async (text, values = []) => resultSchema.parse(await orm.execute(bound(text, values)));
}

/** `select $1` with its values, as drizzle writes it. */
function bound(text: string, values: readonly unknown[]): SQL {
  const parts = text.split(/\$(\d+)/);
  return sql.join(
    parts.map((part, at) => (at % 2 === 0 ? sql.raw(part) : sql`${sql.param(values[Number(part) - 1] ?? null)}`)),
  );
}

/** Rows of a statement of our own. @throws ZodError where they are not what was expected */
export async function rowsOf<T>(orm: Executor, statement: SQL, row: z.ZodType<T>): Promise<T[]> {
  const { rows } = resultSchema.parse(await orm.execute(statement));
  return z.array(row).parse(rows);
}
