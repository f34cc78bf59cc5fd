/** @file What is done to a whole shop from outside: backed up, restored, upgraded. */
import { isThere } from '@busana/vision';
import { backup, noShop, type BackupOptions } from './backup/backup.ts';
import type { Manifest } from './backup/manifest.ts';
import { restore, type RestoreOptions } from './backup/restore.ts';
import { migrate, type Migrated } from './database/migrate.ts';
import { connectDatabase, isServer, type Connection } from './database/open.ts';
import { makeQueueTables } from './database/queue-tables.ts';
import { openStorage } from './storage/open.ts';

/** Where a shop is. */
export interface ShopPlace {
  /** `postgres://…`, or a folder. */
  readonly database: string;
  /** `s3://…`, or a folder. */
  readonly storage: string;
}

/**
 * An embedded database is backed up while no server has it open; a shared one while all go on.
 * @throws BusanaError as {@link backup}; DATABASE_UNAVAILABLE
 */
export function backupShop({
  database,
  storage,
  ...options
}: ShopPlace & Omit<BackupOptions, 'orm' | 'storage'>): Promise<Manifest> {
  // prettier-ignore
  return existing(database, async ({ orm }) => backup({ ...options, orm, storage: await openStorage(storage) }));
}

/** @throws BusanaError as {@link restore}; DATABASE_UNAVAILABLE */
export function restoreShop({
  database,
  storage,
  ...options
}: ShopPlace & Omit<RestoreOptions, 'orm' | 'storage'>): Promise<Manifest> {
  // prettier-ignore
  return connected(database, ({ inTurn }) =>
    inTurn(async (orm) => restore({ ...options, orm, storage: await openStorage(storage) })),
  );
}

/**
 * Brings the tables up to date, as servers do when they start.
 * @param tried does all of it, and takes it back
 * @throws BusanaError DATABASE_UNAVAILABLE, DATABASE_NEWER; what a migration fails of
 */
export function upgradeShop(database: string, { tried = false } = {}): Promise<Migrated> {
  return existing(database, ({ inTurn }) =>
    inTurn(async (orm, executeSql) => {
      const migrated = await migrate(orm, { tried });
      if (!tried) await makeQueueTables(executeSql);
      return migrated;
    }),
  );
}

/** A folder that is not there is a mistake, and nothing is made of it. */
async function existing<T>(database: string, work: (connection: Connection) => Promise<T>): Promise<T> {
  if (!isServer(database) && !(await isThere(database))) throw noShop(`there is no database in ${database}`);
  return connected(database, work);
}

async function connected<T>(database: string, work: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await connectDatabase(database);
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}
