/** @file One database, two homes: embedded in this process, in a folder; or a PostgreSQL that many share. */
import { BusanaError } from '@busana/contracts';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import type { Pool, PoolClient, QueryResult } from 'pg';
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { lockFolder } from './lock.ts';
import { makeQueueTables, type ExecuteSql } from './queue-tables.ts';

const migrationsFolder = fileURLToPath(new URL('./migrations', import.meta.url));
const casing = 'snake_case';
/** Number of the lock that whoever makes tables holds: `busana` in ASCII. */
const MIGRATION = 0x627573616e61;

export type Orm = PgDatabase<PgQueryResultHKT>;

export interface Database {
  readonly orm: Orm;
  /** `embedded` is used by one process at a time. */
  readonly kind: 'embedded' | 'server';
  /** One statement with values, or several without. */
  readonly executeSql: ExecuteSql;
  readonly close: () => Promise<void>;
}

/**
 * Opens a database and brings its tables up to date.
 * @param where `postgres://…`, or a folder, made where missing
 * @throws BusanaError DATABASE_UNAVAILABLE
 */
export async function openDatabase(where: string): Promise<Database> {
  try {
    return await (/^postgres(ql)?:\/\//.test(where) ? openServer(where) : openEmbedded(where));
  } catch (cause) {
    if (cause instanceof BusanaError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BusanaError(
      'DATABASE_UNAVAILABLE',
      `the database ${withoutPassword(where)} cannot be opened: ${reason}`,
      {
        cause,
      },
    );
  }
}

async function openEmbedded(folder: string): Promise<Database> {
  const [{ PGlite }, { drizzle }, { migrate }] = await Promise.all([
    import('@electric-sql/pglite'),
    import('drizzle-orm/pglite'),
    import('drizzle-orm/pglite/migrator'),
  ]);
  await mkdir(folder, { recursive: true });
  const unlock = await lockFolder(folder);
  try {
    const client = await PGlite.create(folder);
    const orm = drizzle({ client, casing });
    await migrate(orm, { migrationsFolder });
    const executeSql: ExecuteSql = async (text, values) =>
      values === undefined
        ? { rows: (await client.exec(text)).flatMap((each) => each.rows) }
        : client.query(text, values);
    await makeQueueTables(executeSql);
    return { orm, kind: 'embedded', executeSql, close: () => client.close().finally(unlock) };
  } catch (error) {
    await unlock();
    throw error;
  }
}

async function openServer(url: string): Promise<Database> {
  const [{ default: pg }, { drizzle }, { migrate }] = await Promise.all([
    import('pg'),
    import('drizzle-orm/node-postgres'),
    import('drizzle-orm/node-postgres/migrator'),
  ]);
  const client = new pg.Pool({ connectionString: url });
  // A connection that breaks while nobody uses it is opened anew when it is needed.
  client.on('error', () => undefined);
  try {
    const orm = drizzle({ client, casing });
    const executeOn =
      (one: Pool | PoolClient): ExecuteSql =>
      async (text, values) => ({ rows: rowsOf(await one.query(text, values)) });
    await inTurn(client, async (connection) => {
      await migrate(drizzle({ client: connection, casing }), { migrationsFolder });
      await makeQueueTables(executeOn(connection));
    });
    const executeSql = executeOn(client);
    return { orm, kind: 'server', executeSql, close: () => client.end() };
  } catch (error) {
    await client.end();
    throw error;
  }
}

/** Of many processes that start at once one after the other makes tables. */
async function inTurn(pool: Pool, work: (connection: PoolClient) => Promise<void>): Promise<void> {
  const connection = await pool.connect();
  try {
    await connection.query(`select pg_advisory_lock(${MIGRATION})`);
    await work(connection);
    await connection.query(`select pg_advisory_unlock(${MIGRATION})`);
    connection.release();
  } catch (error) {
    // Ends the connection, and with it the lock.
    connection.release(true);
    throw error;
  }
}

/** Several statements have several results. */
function rowsOf(result: QueryResult | QueryResult[]): Record<string, unknown>[] {
  return [result].flat().flatMap(({ rows }) => rows as Record<string, unknown>[]);
}

function withoutPassword(where: string): string {
  return where.replace(/(:\/\/[^:@/]*):[^@]*@/, '$1:…@');
}
