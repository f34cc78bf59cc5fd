/** @file An import is written down, whole, with the jobs that do it, before anything of it is done. */
import { eq } from 'drizzle-orm';
import { hostname } from 'node:os';
import type { Orm } from '../database/open.ts';
import { importItems, imports } from '../database/schema/imports.ts';
import type { JobQueue } from '../jobs/queue.ts';
import { recordPhotos } from '../photos/record.ts';
import type { StoredPhoto } from '../photos/store.ts';
import type { ImportEntry } from './entries.ts';
import { batchesOf, jobsOf } from './plan.ts';
import { planImport } from './state.ts';

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

/** What lies on the disk of a machine is read there. */
export function localQueue(): string {
  return `predict@${hostname()}`;
}

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
    const rows = entries.map(({ failure, photo, ...entry }, position) => {
      const state = failure === '' ? ('waiting' as const) : ('failed' as const);
      return { importId: id, position, ...entry, photoHash: photo?.hash ?? null, state, reason: failure };
    });
    for (let at = 0; at < rows.length; at += ROWS) {
      await transaction.insert(importItems).values(rows.slice(at, at + ROWS));
    }
    await receiveAll(transaction, queue, id, rows);
    return id;
  });
}

/** Begins with the photos that are not in the store yet; without any, with the model. */
export async function receiveAll(
  orm: Orm,
  queue: JobQueue,
  id: number,
  items: readonly Pick<typeof importItems.$inferInsert, 'position' | 'state' | 'photoHash' | 'location'>[],
): Promise<void> {
  const missing = items.filter(({ state, photoHash }) => state === 'waiting' && (photoHash ?? null) === null);
  const total = items.length;
  const jobs = [true, false].flatMap((here) => {
    const own = missing.filter(({ location }) => (location?.kind === 'file' || location?.kind === 'zip') === here);
    const batches = batchesOf(own.map(({ position }) => ({ position, ties: [] })));
    return jobsOf('receive', id, { queue: here ? localQueue() : 'predict', batches, total });
  });
  if (jobs.length === 0) return planImport(orm, queue, id);
  await orm.update(imports).set({ receiving: jobs.length }).where(eq(imports.id, id));
  return queue.add(orm, jobs);
}
