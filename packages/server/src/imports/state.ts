/** @file How far an import is, and how it goes on and ends. */
import { BusanaError, type ImportNote, type ImportState } from '@busana/contracts';
import { and, asc, count, eq, inArray, isNotNull, like, ne, or, sql } from 'drizzle-orm';
import { basename } from 'node:path';
import type { Orm } from '../database/open.ts';
import { importItems, imports } from '../database/schema/imports.ts';
import { products } from '../database/schema/products.ts';
import type { JobQueue } from '../jobs/queue.ts';

/** Photos that an answer lists one by one. */
const REMARKS = 100;
const GIVEN_UP: ImportNote = { code: 'given-up', file: null, row: null };

/** @throws BusanaError IMPORT_NOT_FOUND */
export async function importState(orm: Orm, id: number): Promise<ImportState> {
  const [found] = await orm.select().from(imports).where(eq(imports.id, id));
  if (found === undefined) throw new BusanaError('IMPORT_NOT_FOUND', `there is no import ${id}`);
  const counted = await orm
    .select({
      state: importItems.state,
      photos: count(),
      received: count(importItems.photoHash),
      updated: sql<number>`count(*) filter (where ${importItems.changes} <> '[]')::int`,
      warned: sql<number>`count(*) filter (where ${importItems.warning} <> '')::int`,
    })
    .from(importItems)
    .where(eq(importItems.importId, id))
    .groupBy(importItems.state);
  const of = (state: string) => counted.find((row) => row.state === state)?.photos ?? 0;
  const sum = (count: 'updated' | 'warned' | 'received') => counted.reduce((all, row) => all + row[count], 0);
  const remarks = await orm
    .select({
      name: importItems.name,
      state: importItems.state,
      reason: importItems.reason,
      product: importItems.productId,
      duplicateOf: products.duplicateOf,
      warning: importItems.warning,
      notes: importItems.notes,
      changes: importItems.changes,
    })
    .from(importItems)
    .leftJoin(products, and(eq(products.id, importItems.productId), eq(importItems.state, 'added')))
    .where(
      and(
        eq(importItems.importId, id),
        ne(importItems.state, 'waiting'),
        or(
          ne(importItems.reason, ''),
          ne(importItems.warning, ''),
          ne(importItems.changes, []),
          isNotNull(products.duplicateOf),
        ),
      ),
    )
    .orderBy(asc(importItems.position))
    .limit(REMARKS);
  const { state, source, demo, reason, total, createdAt, finishedAt } = found;
  const kind = demo ? 'drawn' : source === sentPhotos(total) ? 'photos' : 'named';
  return {
    ...{ id, state, source, kind, reason, total },
    ...{ added: of('added'), duplicates: of('duplicate'), failed: of('failed'), waiting: of('waiting') },
    ...{ updated: sum('updated'), warned: sum('warned'), received: sum('received') },
    receiving: state === 'running' && found.receiving > 0,
    created_at: createdAt.toISOString(),
    finished_at: finishedAt?.toISOString() ?? null,
    remarks: remarks.flatMap(({ state, duplicateOf, changes, notes, ...item }) => {
      if (state === 'waiting') return [];
      const remark = { ...item, state, changes: [...changes], notes: [...notes], same_as: duplicateOf };
      // An earlier photo may come after this one: what it is the same as is the product's to say.
      return [duplicateOf === null ? remark : { ...remark, reason: `the same picture as product ${duplicateOf}` }];
    }),
  };
}

/** What is given is told so where it has no name. */
export function sentPhotos(count: number): string {
  return `${count} photos`;
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

export async function isRunning(orm: Orm, id: number): Promise<boolean> {
  return (await orm.$count(imports, and(eq(imports.id, id), eq(imports.state, 'running')))) > 0;
}

/** It is done as soon as the end of every photo is known. */
export async function endWhenDone(orm: Orm, id: number): Promise<void> {
  const waiting = orm.select({ one: sql`1` }).from(importItems).where(and(eq(importItems.importId, id), eq(importItems.state, 'waiting'))).limit(1); // prettier-ignore
  if ((await waiting).length === 0) await endImport(orm, id, 'done');
}

/** What a photo has in common with others of its import. */
export function tiesOf(shared: Readonly<Record<'hash' | 'sku' | 'key', string | null | undefined>>): string[] {
  return Object.entries(shared).flatMap(([name, value]) =>
    value === null || value === undefined ? [] : [`${name} ${value}`],
  );
}

/** Photos of a job that could not be done, whatever was tried, end with the reason. */
export async function giveUpPhotos(orm: Orm, id: number, positions: readonly number[], reason: string): Promise<void> {
  await orm
    .update(importItems)
    .set({
      state: 'failed',
      reason: `given up: ${reason}`,
      notes: sql`${importItems.notes} || ${JSON.stringify([GIVEN_UP])}::jsonb`,
    }) // prettier-ignore
    .where(waitingAt(id, positions));
}

/** Photos that were given up wait again. @returns whether there are any */
export async function revivePhotos(orm: Orm, id: number, positions: readonly number[]): Promise<boolean> {
  const { importId, position, state, reason } = importItems;
  const givenUp = and(eq(importId, id), inArray(position, [...positions]), eq(state, 'failed'), like(reason, 'given up: %')); // prettier-ignore
  const found = await orm
    .update(importItems)
    .set({
      state: 'waiting',
      reason: '',
      notes: sql`jsonb_path_query_array(${importItems.notes}, '$[*] ? (@.code != "given-up")')`,
    }) // prettier-ignore
    .where(givenUp)
    .returning({ position });
  if (found.length === 0) return false;
  await orm.update(imports).set({ state: 'running', reason: '', finishedAt: null }).where(eq(imports.id, id));
  return true;
}

/** Nobody works at it any more; what has come stays. */
export async function cancelImport(orm: Orm, queue: JobQueue, id: number): Promise<void> {
  await orm.transaction(async (transaction) => {
    await endImport(transaction, id, 'cancelled');
    await queue.drop(transaction, { import: id });
  });
}

/** Photos of an import that wait, of those at these positions. */
export function waitingAt(id: number, positions: readonly number[]) {
  const { importId, position, state } = importItems;
  return and(eq(importId, id), inArray(position, [...positions]), eq(state, 'waiting'));
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
