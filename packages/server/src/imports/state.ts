/** @file How far an import is, and how it is stopped. */
import { BusanaError, type ImportState } from '@busana/contracts';
import { and, asc, count, eq, ne, sql } from 'drizzle-orm';
import { basename } from 'node:path';
import type { Orm } from '../database/open.ts';
import { importItems, imports } from '../database/schema/imports.ts';

/** Photos that an answer lists one by one. */
const REMARKS = 100;

/** @throws BusanaError IMPORT_NOT_FOUND */
export async function importState(orm: Orm, id: number): Promise<ImportState> {
  const [found] = await orm.select().from(imports).where(eq(imports.id, id));
  if (found === undefined) throw new BusanaError('IMPORT_NOT_FOUND', `there is no import ${id}`);
  const counted = await orm
    .select({ state: importItems.state, photos: count() })
    .from(importItems)
    .where(eq(importItems.importId, id))
    .groupBy(importItems.state);
  const of = (state: string) => counted.find((row) => row.state === state)?.photos ?? 0;
  const remarks = await orm
    .select({
      name: importItems.name,
      state: importItems.state,
      reason: importItems.reason,
      product: importItems.productId,
    }) // prettier-ignore
    .from(importItems)
    .where(and(eq(importItems.importId, id), ne(importItems.reason, ''), ne(importItems.state, 'waiting')))
    .orderBy(asc(importItems.position))
    .limit(REMARKS);
  const { state, source, reason, total, createdAt, finishedAt } = found;
  return {
    ...{ id, state, source, reason, total },
    ...{ added: of('added'), duplicates: of('duplicate'), failed: of('failed'), waiting: of('waiting') },
    created_at: createdAt.toISOString(),
    finished_at: finishedAt?.toISOString() ?? null,
    remarks: remarks.flatMap(({ state, ...item }) => (state === 'waiting' ? [] : [{ ...item, state }])),
  };
}

/** Ends an import that is running, and only then. */
export async function endImport(
  orm: Orm,
  id: number,
  state: 'done' | 'cancelled' | 'failed',
  reason = '',
): Promise<void> {
  await orm
    .update(imports)
    .set({ state, reason, finishedAt: sql`now()` })
    .where(and(eq(imports.id, id), eq(imports.state, 'running')));
}

/** The import that has waited longest for its end. */
export async function nextImport(orm: Orm): Promise<{ id: number; archive: string | null } | undefined> {
  const [next] = await orm
    .select({ id: imports.id, archive: imports.archive })
    .from(imports)
    .where(eq(imports.state, 'running'))
    .orderBy(asc(imports.id))
    .limit(1);
  return next;
}

export async function isRunning(orm: Orm, id: number): Promise<boolean> {
  return (await orm.$count(imports, and(eq(imports.id, id), eq(imports.state, 'running')))) > 0;
}

/** Whether there are photos whose end nobody knows yet. */
export async function hasWaiting(orm: Orm, id: number): Promise<boolean> {
  return (await orm.$count(importItems, and(eq(importItems.importId, id), eq(importItems.state, 'waiting')))) > 0;
}

/** Keys of archives that imports have not come to the end of. */
export async function archivesInUse(orm: Orm): Promise<Set<string>> {
  const found = await orm.select({ archive: imports.archive }).from(imports).where(eq(imports.state, 'running'));
  return new Set(found.flatMap(({ archive }) => (archive === null ? [] : archiveKey(archive))));
}

/** Imports that began before there were keys have a path of the folder that is the storage. */
export function archiveKey(archive: string): string {
  return `archives/${basename(archive)}`;
}
