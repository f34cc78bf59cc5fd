/** @file An import is written down, whole, with the jobs that do it, before anything of it is done. */
import type { Orm } from '../database/open.ts';
import { importItems, imports } from '../database/schema/imports.ts';
import type { JobQueue } from '../jobs/queue.ts';
import { recordPhotos } from '../photos/record.ts';
import type { StoredPhoto } from '../photos/store.ts';
import type { ImportEntry } from './entries.ts';
import { localQueue, receiveAll } from './make-jobs.ts';

/** An entry whose photo may be in the store already. */
export type NewEntry = ImportEntry & { readonly photo?: StoredPhoto };

export interface NewImport {
  /** What was given, in words. */
  readonly source: string;
  /** Archive that is the import's own. */
  readonly archive: string | null;
  /** Whether it belongs to the demo catalogue. */
  readonly demo?: boolean;
  /** Whose word the labels of its table are. */
  readonly actor?: string;
  readonly entries: readonly NewEntry[];
}

/** Rows of one statement: the protocol has room for 65,535 values. */
const ROWS = 2000;

/** @returns its id */
export async function createImport(
  orm: Orm,
  queue: JobQueue,
  { source, archive, entries, demo = false, actor = 'import' }: NewImport,
): Promise<number> {
  await queue.make(localQueue());
  return orm.transaction(async (transaction) => {
    const [created] = await transaction
      .insert(imports)
      .values({ source, archive, demo, actor, total: entries.length })
      .returning({ id: imports.id });
    const { id } = created!;
    const stored = entries.flatMap(({ name, photo }) => (photo === undefined ? [] : [{ ...photo, name }]));
    for (let at = 0; at < stored.length; at += ROWS) await recordPhotos(transaction, stored.slice(at, at + ROWS));
    for (let at = 0; at < entries.length; at += ROWS) {
      const rows = entries.slice(at, at + ROWS).map(({ failure, photo, ...entry }, row) => {
        const state = failure === '' ? ('waiting' as const) : ('failed' as const);
        return { importId: id, position: at + row, ...entry, photoHash: photo?.hash ?? null, state, reason: failure };
      });
      await transaction.insert(importItems).values(rows);
    }
    await receiveAll(transaction, queue, id);
    return id;
  });
}
