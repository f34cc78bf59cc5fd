/** @file All of a shop as one file, as it was at one moment, while people and imports go on. */
import { BusanaError, type Problem } from '@busana/contracts';
import { unwritable } from '@busana/vision';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pack, type Pack } from 'tar-stream';
import { appliedMigrations } from '../database/migrate.ts';
import type { Orm } from '../database/open.ts';
import type { Storage, StoredObject } from '../storage/storage.ts';
import { tableForms } from './catalog.ts';
import type { BackupObject, BackupTable, Manifest, OnProgress } from './manifest.ts';
import { objectsOf, type WantedObject } from './objects.ts';
import { dumpTable, plainValues } from './tables.ts';
import { writeEntry } from './tar.ts';

export interface BackupOptions {
  readonly orm: Orm;
  readonly storage: Storage;
  /** File that is written; one that is there is replaced when the new one is whole. */
  readonly output: string;
  /** Of busana. */
  readonly version: string;
  readonly onProgress?: OnProgress;
  /** Ends it; nothing of it is left. */
  readonly signal?: AbortSignal;
}

/** Objects that are asked for ahead of the one that is written. */
const AHEAD = 8;

/**
 * Tables are read in one transaction, which sees them as they were when it began; then the files that they speak of. A
 * file that has been removed meanwhile tells that the moment has passed: the tables are read once more. A file that is
 * missing then is missing.
 * @throws BusanaError OUTPUT_UNWRITABLE, STORAGE_UNAVAILABLE; OBJECT_DAMAGED naming each file that is missing or damaged,
 * when all else is in the backup
 */
export async function backup(options: BackupOptions): Promise<Manifest> {
  const { output, signal } = options;
  const temporary = `${output}.${process.pid}-${randomUUID()}.tmp`;
  const folder = `${temporary}-tables`;
  const tar = pack();
  try {
    await mkdir(dirname(output), { recursive: true });
    await mkdir(folder);
    const written = pipeline(tar, createWriteStream(temporary, { flags: 'wx', flush: true }), { signal });
    const filled = fill(tar, folder, options);
    const [{ manifest, problems }] = await Promise.all([filled, written]).catch(async (error: unknown) => {
      tar.destroy();
      await Promise.allSettled([filled, written]);
      throw error;
    });
    await rename(temporary, output);
    if (problems.length === 0) return manifest;
    throw new BusanaError('OBJECT_DAMAGED', `${problems.length} files are missing in the storage or damaged; ${output} has everything else`, { problems }); // prettier-ignore
  } catch (cause) {
    await rm(temporary, { force: true });
    if (signal?.aborted === true)
      throw new BusanaError('INTERRUPTED', 'stopped; nothing of the backup is left', {
        remedy: 'Run the same command again.',
      });
    if (cause instanceof Error && 'syscall' in cause) throw unwritable(output, cause);
    throw cause;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function fill(tar: Pack, folder: string, { orm, storage, version, onProgress }: BackupOptions) {
  const copied = new Map<string, BackupObject>();
  const absent = new Set<string>();
  const problems: Problem[] = [];
  let moment: Moment;
  do {
    moment = await readTables(orm, folder, onProgress);
  } while (await copyObjects());
  for (const { name, bytes } of moment.tables) {
    await writeEntry(tar, `tables/${name}.jsonl`, { stream: createReadStream(join(folder, name)), bytes });
  }
  const list = Buffer.from([...copied.values()].map((object) => `${JSON.stringify(object)}\n`).join(''));
  const { sha256 } = await writeEntry(tar, 'objects.jsonl', { stream: Readable.from([list]), bytes: list.length });
  const bytes = [...copied.values()].reduce((sum, object) => sum + object.bytes, 0);
  const manifest: Manifest = {
    ...{ format: 1, version, created_at: moment.at, migration: moment.migration, tables: moment.tables },
    objects: { count: copied.size, bytes, sha256 },
  };
  const text = Buffer.from(JSON.stringify(manifest, null, 2));
  const sealed = await writeEntry(tar, 'manifest.json', { stream: Readable.from([text]), bytes: text.length });
  await writeEntry(tar, 'manifest.sha256', { stream: Readable.from([Buffer.from(sealed.sha256)]), bytes: 64 });
  tar.finalize();
  return { manifest, problems };

  /** @returns whether the moment has passed */
  async function copyObjects(): Promise<boolean> {
    const known = new Set(problems.map(({ file }) => file));
    const fresh = moment.objects.filter(({ key }) => !copied.has(key) && !known.has(key));
    let passed = false;
    for await (const { key, sha256, optional, object } of openAhead(storage, fresh)) {
      if (object === undefined) {
        if (optional === true) continue;
        if (absent.has(key)) problems.push({ file: key, message: 'is not in the storage' });
        else passed = true;
        absent.add(key);
        continue;
      }
      const measured = await writeEntry(tar, `objects/${key}`, object);
      if (sha256 !== undefined && measured.sha256 !== sha256)
        problems.push({ file: key, message: 'is not what its name says' }); // prettier-ignore
      else copied.set(key, { key, ...measured });
      onProgress?.('files', copied.size, moment.objects.length);
    }
    return passed;
  }
}

interface Moment {
  /** ISO 8601. */
  readonly at: string;
  readonly migration: string;
  readonly tables: BackupTable[];
  readonly objects: WantedObject[];
}

/** Into files of the folder, so that the transaction ends soon. */
async function readTables(orm: Orm, folder: string, onProgress: OnProgress | undefined): Promise<Moment> {
  return orm.transaction(
    async (transaction) => {
      await plainValues(transaction);
      const at = new Date().toISOString();
      const migration = (await appliedMigrations(transaction)).at(-1);
      if (migration === undefined) throw noShop('there are no tables of a shop in the database');
      const forms = await tableForms(transaction);
      const tables: BackupTable[] = [];
      for (const form of forms) {
        const file = await open(join(folder, form.name), 'w');
        tables.push(await dumpTable(transaction, form, (text) => file.appendFile(text)).finally(() => file.close()));
        onProgress?.('tables', tables.length, forms.length);
      }
      return { at, migration, tables, objects: await objectsOf(transaction, new Set(forms.map(({ name }) => name))) };
    },
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  );
}

/** In their order; the next ones are on their way while one is read. */
async function* openAhead(
  storage: Storage,
  wanted: readonly WantedObject[],
): AsyncGenerator<WantedObject & { readonly object: StoredObject | undefined }> {
  const coming: Promise<StoredObject | undefined>[] = [];
  const ask = (at: number): void => {
    if (at >= wanted.length) return;
    const asked = storage.open(wanted[at]!.key);
    asked.catch(() => undefined);
    coming.push(asked);
  };
  for (let at = 0; at < AHEAD; at += 1) ask(at);
  try {
    for (const [at, one] of wanted.entries()) {
      const object = await coming.shift();
      ask(at + AHEAD);
      yield { ...one, object };
    }
  } finally {
    for (const left of await Promise.allSettled(coming)) if (left.status === 'fulfilled') left.value?.stream.destroy();
  }
}

/** @returns BusanaError DATABASE_UNAVAILABLE */
export function noShop(why: string): BusanaError {
  return new BusanaError('DATABASE_UNAVAILABLE', why, { remedy: 'Name the one that the server is started with: --database, or --data.' }); // prettier-ignore
}
