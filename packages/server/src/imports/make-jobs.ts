/**
 * @file The jobs of an import, of ten photos or of millions: rows are read a page at a time, and of a photo no more is
 * remembered than its number.
 */
import { and, asc, eq, gt, isNull, max, sql } from 'drizzle-orm';
import { hostname } from 'node:os';
import { z } from 'zod';
import type { Orm } from '../database/open.ts';
import { importItems, imports } from '../database/schema/imports.ts';
import { rowsOf } from '../jobs/bound.ts';
import type { JobQueue } from '../jobs/queue.ts';
import type { NewJob } from '../jobs/work.ts';
import { BATCH, batchesOf, Bonds, jobsOf } from './plan.ts';
import { endWhenDone } from './state.ts';

type Adding = Pick<JobQueue, 'add'>;

/** Rows that are read at once. */
const PAGE = 10_000;
/** Jobs that are written at once. */
const JOBS = 1000;

/** What lies on the disk of a machine is read there. */
export function localQueue(): string {
  return `predict@${hostname()}`;
}

/** Begins with the photos that are not in the store yet; without any, with the model. @param orm a transaction */
export async function receiveAll(orm: Orm, queue: Adding, id: number): Promise<void> {
  const total = await totalOf(orm, id);
  const open = { [localQueue()]: new Array<number>(), predict: new Array<number>() };
  let jobs = 0;
  for (let [last, more] = [-1, true]; more;) {
    const page = await missingAfter(orm, id, last);
    for (const { position, location } of page) {
      const here = location?.kind === 'file' || location?.kind === 'zip';
      open[here ? localQueue() : 'predict']!.push(position);
    }
    last = page.at(-1)?.position ?? last;
    more = page.length === PAGE;
    for (const [name, positions] of Object.entries(open)) {
      // What fills no job is filled up by the next page.
      const ready = positions.splice(0, more ? positions.length - (positions.length % BATCH) : positions.length);
      const batches = batchesOf(ready.map((position) => [position]));
      jobs += await addAll(orm, queue, jobsOf('receive', id, { queue: name, batches, total }));
    }
  }
  if (jobs === 0) return planImport(orm, queue, id);
  await orm.update(imports).set({ receiving: jobs }).where(eq(imports.id, id));
}

/** One job less has photos to bring into the store; after the last one the model is asked. */
export async function received(orm: Orm, queue: Adding, id: number): Promise<void> {
  const [left] = await orm
    .update(imports)
    .set({ receiving: sql`${imports.receiving} - 1` })
    .where(eq(imports.id, id))
    .returning({ receiving: imports.receiving, state: imports.state });
  if (left?.receiving === 0 && left.state === 'running') await planImport(orm, queue, id);
}

/** Photos that wait and are in the store, each with the first that has the same file, number or key. */
const tiedSchema = z.object({ position: z.int(), hash: z.int(), sku: z.int(), key: z.int() });

/**
 * Jobs for the photos that are in the store: those of one file, one number or one product together.
 * @param orm a transaction: a cursor lives no longer
 */
export async function planImport(orm: Orm, queue: Adding, id: number): Promise<void> {
  const [found] = await orm.select({ last: max(importItems.position) }).from(importItems).where(eq(importItems.importId, id)); // prettier-ignore
  const bonds = new Bonds((found?.last ?? -1) + 1);
  const firstOf = (what: string) => `case when ${what} is null then position else min(position) over (partition by ${what}) end`; // prettier-ignore
  await orm.execute(
    sql.raw(`declare tied no scroll cursor for
    select position, min(position) over (partition by photo_hash) as hash, ${firstOf(`product->>'sku'`)} as sku,
    ${firstOf('product_key')} as key from import_items
    where import_id = ${Math.trunc(id)} and state = 'waiting' and photo_hash is not null order by position`),
  );
  let photos = 0;
  for (let more = true; more;) {
    const page = await rowsOf(orm, sql.raw(`fetch ${PAGE} from tied`), tiedSchema);
    for (const { position, ...firsts } of page) {
      bonds.add(position);
      for (const first of Object.values(firsts)) bonds.tie(position, first);
    }
    photos += page.length;
    more = page.length === PAGE;
  }
  await orm.execute(sql.raw('close tied'));
  if (photos === 0) return endWhenDone(orm, id);
  await addAll(orm, queue, jobsOf('predict', id, { queue: 'predict', batches: batchesOf(bonds.groups()), total: photos })); // prettier-ignore
}

async function totalOf(orm: Orm, id: number): Promise<number> {
  const [found] = await orm.select({ total: imports.total }).from(imports).where(eq(imports.id, id));
  return found?.total ?? 0;
}

function missingAfter(orm: Orm, id: number, last: number) {
  const { importId, position, state, photoHash, location } = importItems;
  const missing = and(eq(importId, id), eq(state, 'waiting'), isNull(photoHash), gt(position, last));
  return orm.select({ position, location }).from(importItems).where(missing).orderBy(asc(position)).limit(PAGE);
}

/** @returns how many */
async function addAll(orm: Orm, queue: Adding, jobs: Iterable<NewJob>): Promise<number> {
  let [some, count]: [NewJob[], number] = [[], 0];
  for (const job of jobs) {
    count += some.push(job) > 0 ? 1 : 0;
    if (some.length < JOBS) continue;
    await queue.add(orm, some);
    some = [];
  }
  if (some.length > 0) await queue.add(orm, some);
  return count;
}
