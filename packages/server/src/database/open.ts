/** @file One database, two homes: embedded in this process, in a folder; or a PostgreSQL that many share. */
import { BusanaError } from '@busana/contracts';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import type { Pool, PoolClient, QueryResult } from 'pg';
import { mkdir } from 'node:fs/promises';
import { isAway } from './away.ts';
import { lockFolder } from './lock.ts';
import type { ExecuteSql } from './queue-tables.ts';
import { watchedPool, type Patience } from './watched-pool.ts';

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

/** A database as it is: its tables may be older, or not there. */
export interface Connection extends Database {
  /** Of many processes that want to change tables one after the other does. */
  readonly inTurn: <T>(work: (orm: Orm, executeSql: ExecuteSql) => Promise<T>) => Promise<T>;
}

/**
 * Opens a database, and leaves its tables as they are.
 * @param patience with a server that says nothing
 * @throws BusanaError DATABASE_UNAVAILABLE
 */
export async function connectDatabase(where: string, patience?: Patience): Promise<Connection> {
  try {
    return await (isServer(where) ? connectServer(where, patience) : connectEmbedded(where));
  } catch (cause) {
    throw unopened(where, cause);
  }
}

/** Whether an address is one of a PostgreSQL, and not a folder. */
export function isServer(where: string): boolean {
  return /^postgres(ql)?:\/\//.test(where);
}

/** @returns BusanaError DATABASE_UNAVAILABLE, or what it is already */
export function unopened(where: string, cause: unknown): BusanaError {
  if (cause instanceof BusanaError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new BusanaError('DATABASE_UNAVAILABLE', `the database ${withoutPassword(where)} cannot be opened: ${reason}`, { cause }); // prettier-ignore
}

async function connectEmbedded(folder: string): Promise<Connection> {
  const [{ PGlite }, { drizzle }] = await Promise.all([import('@electric-sql/pglite'), import('drizzle-orm/pglite')]);
  await mkdir(folder, { recursive: true });
  const unlock = await lockFolder(folder);
  try {
    const client = await PGlite.create(folder);
    const orm = drizzle({ client, casing });
    const executeSql: ExecuteSql = async (text, values) =>
      values === undefined
        ? { rows: (await client.exec(text)).flatMap((each) => each.rows) }
        : client.query(text, values);
    const close = () => client.close().finally(unlock);
    return { orm, kind: 'embedded', executeSql, close, inTurn: (work) => work(orm, executeSql) };
  } catch (error) {
    await unlock();
    throw error;
  }
}

async function connectServer(url: string, patience?: Patience): Promise<Connection> {
  const { drizzle } = await import('drizzle-orm/node-postgres');
  const { pool: client, close } = await watchedPool(url, patience);
  // A connection that breaks while nobody uses it is opened anew when it is needed; whoever uses it is told by its query.
  client.on('error', () => undefined);
  client.on('connect', (connection) => connection.on('error', () => undefined));
  await client.query('select 1').catch(async (error: unknown) => {
    await close();
    throw error;
  });
  const executeOn =
    (one: Pool | PoolClient): ExecuteSql =>
    async (text, values) => ({ rows: rowsOf(await one.query(text, values)) });
  const orm = drizzle({ client, casing });
  // The library forgets a connection whose `begin` fails: the pool would wait for it for ever, and have one less.
  orm.transaction = (work, config) => onOne(client, (one) => drizzle({ client: one, casing }).transaction(work, config)); // prettier-ignore
  return {
    ...{ orm, kind: 'server', executeSql: executeOn(client), close },
    inTurn: (work) => inTurn(client, (one) => work(drizzle({ client: one, casing }), executeOn(one))),
  };
}

async function inTurn<T>(pool: Pool, work: (connection: PoolClient) => Promise<T>): Promise<T> {
  const connection = await pool.connect();
  try {
    await connection.query(`select pg_advisory_lock(${MIGRATION})`);
    const done = await work(connection);
    await connection.query(`select pg_advisory_unlock(${MIGRATION})`);
    connection.release();
    return done;
  } catch (error) {
    // Ends the connection, and with it the lock.
    connection.release(true);
    throw error;
  }
}

/** Work on a connection that goes back to the pool whatever happens, and is closed when it has broken. */
async function onOne<T>(pool: Pool, work: (connection: PoolClient) => Promise<T>): Promise<T> {
  const connection = await pool.connect();
  try {
    const done = await work(connection);
    connection.release();
    return done;
  } catch (error) {
    connection.release(isAway(error));
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
