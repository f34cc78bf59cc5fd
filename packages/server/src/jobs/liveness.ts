/** @file Which workers are alive: by a number in the database that moves as long as they are, and by no clock. */
import { eq, inArray, sql } from 'drizzle-orm';
import type { Orm } from '../database/open.ts';
import { claims, workers } from '../database/schema/workers.ts';
import type { JobQueue } from './queue.ts';

export interface WorkerIdentity {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  readonly queues: readonly string[];
  readonly concurrency: number;
}

/** Shows that a worker is alive. @returns ids of the jobs that are its own */
export async function beat(orm: Orm, worker: WorkerIdentity): Promise<Set<string>> {
  const { id } = worker;
  const alive = { beats: sql`${workers.beats} + 1`, seenAt: sql`now()` };
  await orm
    .insert(workers)
    .values({ ...worker })
    .onConflictDoUpdate({ target: workers.id, set: alive });
  const own = await orm.select({ jobId: claims.jobId }).from(claims).where(eq(claims.workerId, id));
  return new Set(own.map(({ jobId }) => jobId));
}

/** A worker that ends has nothing to do any more. */
export async function leave(orm: Orm, id: string): Promise<void> {
  await orm.delete(workers).where(eq(workers.id, id));
}

/** Watches others, and takes the jobs of those that are silent. */
export class Watch {
  readonly #silence: number;
  readonly #known = new Map<string, { readonly beats: number; readonly since: number }>();
  #last = 0;

  /** @param silence milliseconds after which a worker is dead */
  constructor(silence: number) {
    this.#silence = silence;
  }

  /** @param now milliseconds of a stopwatch that no clock moves @returns the dead */
  observe(seen: readonly { readonly id: string; readonly beats: number }[], now: number): string[] {
    // Who has been stopped itself has not seen how others went on.
    if (now - this.#last > this.#silence / 2) this.#known.clear();
    this.#last = now;
    const ids = new Set(seen.map(({ id }) => id));
    for (const id of this.#known.keys()) if (!ids.has(id)) this.#known.delete(id);
    return seen.flatMap(({ id, beats }) => {
      const known = this.#known.get(id);
      if (known?.beats === beats) return now - known.since > this.#silence ? [id] : [];
      this.#known.set(id, { beats, since: now });
      return [];
    });
  }

  /** Jobs of workers that died are tried again by others. @returns how many died */
  async sweep(orm: Orm, queue: JobQueue): Promise<number> {
    const seen = await orm.select({ id: workers.id, beats: workers.beats }).from(workers);
    const dead = this.observe(seen, performance.now());
    if (dead.length === 0) return 0;
    return orm.transaction(async (transaction) => {
      // Of several that see it one acts; one that has come back meanwhile is left alone.
      const rows = await transaction.select().from(workers).where(inArray(workers.id, dead)).for('update', { skipLocked: true }); // prettier-ignore
      const gone = rows.filter(({ id, beats }) => seen.some((one) => one.id === id && one.beats === beats));
      for (const { id, host, pid } of gone) {
        const own = await transaction.delete(claims).where(eq(claims.workerId, id)).returning();
        for (const { jobId, queue: name } of own) {
          await queue.failed(transaction, name, jobId, `the worker that did it has died (process ${pid} of ${host})`);
        }
        await transaction.delete(workers).where(eq(workers.id, id));
      }
      return gone.length;
    });
  }
}
