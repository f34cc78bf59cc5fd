/** @file A shop from its backup: into an empty database, all of it or nothing, and proved to be the same. */
import { BusanaError } from '@busana/contracts';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { appliedMigrations, listMigrations, migrate } from '../database/migrate.ts';
import type { Orm } from '../database/open.ts';
import { expectKey, type Storage } from '../storage/storage.ts';
import { tableForms } from './catalog.ts';
import type { Manifest, OnProgress } from './manifest.ts';
import { countRows, dumpTable, loadTable, plainValues } from './tables.ts';
import { linesIn, readEntries } from './tar.ts';
import { verifyBackup } from './verify.ts';

export interface RestoreOptions {
  /** Of a database whose tables have not been made, or are empty and of the version of the backup. */
  readonly orm: Orm;
  readonly storage: Storage;
  /** The backup. */
  readonly file: string;
  readonly onProgress?: OnProgress;
  /** Ends it; of the database nothing is changed. */
  readonly signal?: AbortSignal;
}

/** Objects that go through memory; larger ones go through a file. */
const SMALL = 32 * 2 ** 20;

/**
 * The backup is proved before anything is written. Files come first: nothing speaks of them until the tables are there,
 * which appear in one transaction, with the hashes of what was backed up; then they are brought up to date.
 * @throws BusanaError BACKUP_INVALID, DATABASE_NOT_EMPTY, DATABASE_NEWER, STORAGE_UNAVAILABLE, OUTPUT_UNWRITABLE
 */
export async function restore({ orm, storage, file, onProgress, signal }: RestoreOptions): Promise<Manifest> {
  const { manifest, objects } = await verifyBackup(file, onProgress);
  await expectEmpty(orm, manifest);
  const folder = await mkdtemp(join(tmpdir(), 'busana-restore-'));
  try {
    const total = objects.size + manifest.tables.length;
    let done = 0;
    for await (const { name, stream } of readEntries(file)) {
      const [, kind, rest = ''] = /^(objects|tables)\/(.+)$/.exec(name) ?? [];
      if (kind === 'tables') await pipeline(stream, createWriteStream(join(folder, expectKey(rest))));
      else if (kind === 'objects' && objects.has(rest))
        await putObject(storage, rest, objects.get(rest)!.bytes, stream, folder);
      else continue;
      done += 1;
      if (signal?.aborted === true)
        throw new BusanaError('INTERRUPTED', 'stopped; the database is as empty as before', {
          remedy: 'Run the same command again.',
        });
      onProgress?.('restore', done, total);
    }
    await migrate(orm, { through: manifest.migration });
    await orm.transaction((transaction) => loadTables(transaction, manifest, folder));
    await migrate(orm);
    return manifest;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @throws BusanaError BACKUP_INVALID of a later version; DATABASE_NOT_EMPTY, DATABASE_NEWER */
async function expectEmpty(orm: Orm, { migration }: Manifest): Promise<void> {
  if (!listMigrations().some(({ name }) => name === migration)) {
    throw new BusanaError('BACKUP_INVALID', `the backup is of a later version of busana, whose tables are at ${migration}`, { remedy: 'Restore it by that version.' }); // prettier-ignore
  }
  const applied = await appliedMigrations(orm);
  const forms = await tableForms(orm);
  for (const form of forms) {
    const rows = await countRows(orm, form);
    if (rows > 0) throw new BusanaError('DATABASE_NOT_EMPTY', `the table ${form.name} of the database has ${rows} rows; nothing was written`); // prettier-ignore
  }
  if (forms.length > 0 && applied.at(-1) !== migration) {
    throw new BusanaError('DATABASE_NOT_EMPTY', `the database has tables of another version (${applied.at(-1) ?? 'none of ours'}) than the backup (${migration})`); // prettier-ignore
  }
}

async function putObject(storage: Storage, key: string, bytes: number, stream: AsyncIterable<Buffer>, folder: string) {
  if (bytes <= SMALL) return storage.put(expectKey(key), await buffer(Readable.from(stream)));
  const path = join(folder, 'object');
  await pipeline(stream, createWriteStream(path));
  await storage.putFile(expectKey(key), path);
  return rm(path, { force: true });
}

/** @throws BusanaError BACKUP_INVALID where the rows are not those that were backed up */
async function loadTables(transaction: Orm, { tables }: Manifest, folder: string): Promise<void> {
  await plainValues(transaction);
  const forms = await tableForms(transaction);
  for (const form of forms) {
    const table = tables.find(({ name }) => name === form.name);
    if (table === undefined) continue;
    const lines = linesIn(createReadStream(join(folder, `${form.name}.jsonl`)));
    await loadTable(transaction, form, table, lines);
    const { rows, sha256 } = await dumpTable(transaction, form, () => Promise.resolve());
    if (rows === table.rows && sha256 === table.sha256) continue;
    throw new BusanaError('BACKUP_INVALID', `the table ${form.name} has come to ${rows} rows that are not the ${table.rows} of the backup; nothing was written`); // prettier-ignore
  }
}
