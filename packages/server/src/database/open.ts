/** @file One database, two homes: embedded in this process, in a folder; or a PostgreSQL that many share. */
import { BusanaError } from '@busana/contracts';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { lockFolder } from './lock.ts';

const migrationsFolder = fileURLToPath(new URL('./migrations', import.meta.url));
const casing = 'snake_case';

export type Orm = PgDatabase<PgQueryResultHKT>;

export interface Database {
  readonly orm: Orm;
  /** `embedded` is used by one process at a time. */
  readonly kind: 'embedded' | 'server';
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
    return { orm, kind: 'embedded', close: () => client.close().finally(unlock) };
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
    await migrate(orm, { migrationsFolder });
    return { orm, kind: 'server', close: () => client.end() };
  } catch (error) {
    await client.end();
    throw error;
  }
}

function withoutPassword(where: string): string {
  return where.replace(/(:\/\/[^:@/]*):[^@]*@/, '$1:…@');
}
