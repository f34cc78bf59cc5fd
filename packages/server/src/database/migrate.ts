/** @file The tables brought up to date, forwards only; or tried, and left as they were. */
import { BusanaError } from '@busana/contracts';
import { sql } from 'drizzle-orm';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Orm } from './open.ts';

const migrationsFolder = fileURLToPath(new URL('./migrations', import.meta.url));
const journalSchema = z.object({ entries: z.array(z.object({ tag: z.string() })) });
const appliedSchema = z.object({ rows: z.array(z.object({ hash: z.string() })) });
const existsSchema = z.object({ rows: z.tuple([z.object({ there: z.boolean() })]) });

interface Migration {
  /** e.g. `0004_shop` */
  readonly name: string;
  readonly statements: readonly string[];
  readonly hash: string;
  /** Milliseconds since 1970 at which it was made. */
  readonly made: number;
}

export interface Migrated {
  /** What has been done before, and what is done now, each in its order. */
  readonly before: readonly string[];
  readonly now: readonly string[];
}

export interface MigrateOptions {
  /** The last migration that is done; default: the last that there is. */
  readonly through?: string;
  /** Does everything, and takes it back. */
  readonly tried?: boolean;
}

/**
 * All that is missing, in one transaction. The table that remembers them is that of drizzle's own migrator, which does
 * not refuse databases that are newer.
 * @throws BusanaError DATABASE_NEWER where a later version has changed the tables
 */
export async function migrate(orm: Orm, { through, tried = false }: MigrateOptions = {}): Promise<Migrated> {
  const all = listMigrations();
  const wanted = through === undefined ? all : all.slice(0, all.findIndex(({ name }) => name === through) + 1);
  let done: Migrated | undefined;
  await orm
    .transaction(async (transaction) => {
      const before = await appliedMigrations(transaction, all);
      const now = wanted.slice(before.length);
      await transaction.execute(sql`create schema if not exists drizzle`);
      await transaction.execute(sql`create table if not exists drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)`); // prettier-ignore
      for (const { statements, hash, made } of now) {
        for (const statement of statements) await transaction.execute(sql.raw(statement));
        await transaction.execute(sql`insert into drizzle.__drizzle_migrations (hash, created_at) values (${hash}, ${made})`); // prettier-ignore
      }
      done = { before, now: now.map(({ name }) => name) };
      if (tried) throw new Tried();
    })
    .catch((error: unknown) => {
      if (!(error instanceof Tried)) throw error;
    });
  return done!;
}

/** Ends a transaction that is to leave nothing. */
class Tried extends Error {}

/** Names of the migrations that a database has. @throws BusanaError DATABASE_NEWER */
export async function appliedMigrations(orm: Pick<Orm, 'execute'>, all = listMigrations()): Promise<string[]> {
  const { rows: [{ there }] } = existsSchema.parse(await orm.execute(sql`select to_regclass('drizzle.__drizzle_migrations') is not null as there`)); // prettier-ignore
  if (!there) return [];
  const { rows } = appliedSchema.parse(await orm.execute(sql`select hash from drizzle.__drizzle_migrations order by created_at, id`)); // prettier-ignore
  if (rows.length > all.length) {
    throw new BusanaError('DATABASE_NEWER', `the database has ${rows.length} changes of its tables, and this version of busana knows ${all.length}`); // prettier-ignore
  }
  return all.slice(0, rows.length).map(({ name }) => name);
}

/** Every migration that this version knows, in order. */
export function listMigrations(): Migration[] {
  const { entries } = journalSchema.parse(
    JSON.parse(readFileSync(join(migrationsFolder, 'meta/_journal.json'), 'utf8')),
  );
  return readMigrationFiles({ migrationsFolder }).map(({ sql: statements, hash, folderMillis }, at) => ({
    ...{ name: entries[at]!.tag, statements, hash, made: folderMillis },
  }));
}
