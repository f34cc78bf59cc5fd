/** @file The queue: jobs in the database of the catalogue, each done by whoever takes it first, and by nobody else meanwhile. */
import { and, eq, inArray, sql } from 'drizzle-orm';
import type PgBoss from 'pg-boss';
import { z } from 'zod';
import type { Database, Orm } from '../database/open.ts';
import { bossOf, DEAD } from '../database/queue-tables.ts';
import { claims } from '../database/schema/workers.ts';
import { trail } from '../tracing/spans.ts';
import { rowsOf, within } from './bound.ts';
import type { Job, NewJob } from './work.ts';

export interface QueueRules {
  /** How often what fails is tried again. */
  readonly retries: number;
  /** Seconds before the first time, twice as many before each further one; 0: at once. */
  readonly delay: number;
}

const RULES: QueueRules = { retries: 5, delay: 2 };
/** Jobs of one statement. */
const INSERTED = 1000;
/** Before any clock and after all: a clock that is set neither holds a job up nor makes it too old. */
const ALWAYS = '1970-01-01T00:00:00Z';
const FOR_EVER = '9999-12-31T00:00:00Z';

const trailSchema = z.looseObject({ trace: z.record(z.string(), z.string()).default({}) });
const takenSchema = z.object({ id: z.string(), data: z.unknown(), retryCount: z.int(), priority: z.int() });

const placeSchema = z.object({ queue: z.string(), priority: z.int().default(0) });
const idSchema = z.object({ id: z.string() });

/** What the data of some jobs have in common. */
export interface JobPart {
  readonly import?: number;
  readonly training?: number;
  readonly analysis?: number;
  readonly kind?: 'anew';
  readonly model?: string;
}

/** What becomes of what a job was for, when it is given up: in the same transaction. */
export type GiveUp = (orm: Orm, queue: JobQueue, data: unknown, reason: string) => Promise<void>;

export class JobQueue {
  readonly #orm: Orm;
  readonly #boss: PgBoss;
  readonly #rules: QueueRules;
  readonly #giveUp: GiveUp;

  constructor(
    { orm, executeSql }: Pick<Database, 'orm' | 'executeSql'>,
    giveUp: GiveUp,
    rules: Partial<QueueRules> = {},
  ) {
    this.#orm = orm;
    this.#boss = bossOf(executeSql);
    this.#rules = { ...RULES, ...rules };
    this.#giveUp = giveUp;
  }

  /** A queue beside those that are always there. Two that make the same at once would wait for each other for ever. */
  make(name: string): Promise<void> {
    return this.#orm.transaction(async (transaction) => {
      await transaction.execute(sql`select pg_advisory_xact_lock('pgboss.queue'::regclass::oid::bigint)`);
      await bossOf(within(transaction)).createQueue(name);
    });
  }

  /** @param orm the transaction that writes down what the jobs are for */
  async add(orm: Orm, jobs: readonly NewJob[]): Promise<void> {
    // Where they belong stands in the data as well, which is all that is left of a job that is given up.
    const trace = trail();
    await this.#insert(orm, jobs.map(({ queue, work, priority = 0 }) => ({ queue, priority, data: { ...work, queue, priority, trace } }))); // prettier-ignore
  }

  /** A job that was given up, by its data. */
  async addAgain(orm: Orm, data: object): Promise<void> {
    const { queue, priority } = placeSchema.parse(data);
    await this.#insert(orm, [{ queue, priority, data }]);
  }

  async #insert(orm: Orm, jobs: readonly { queue: string; priority: number; data: object }[]): Promise<void> {
    const { retries, delay } = this.#rules;
    const rows = jobs.map(({ queue, priority, data }) => ({
      name: queue,
      data,
      priority,
      retryLimit: retries,
      retryDelay: delay,
      retryBackoff: delay > 0,
      startAfter: ALWAYS,
      keepUntil: FOR_EVER,
      deadLetter: DEAD,
    }));
    const db = { executeSql: within(orm) };
    for (let at = 0; at < rows.length; at += INSERTED) await this.#boss.insert(rows.slice(at, at + INSERTED), { db });
  }

  /** The next job of a queue, which is this worker's from now on. */
  claim(workerId: string, queue: string): Promise<Job | undefined> {
    return this.#orm.transaction(async (transaction) => {
      const execute = within(transaction);
      const failures: unknown[] = [];
      // The library takes every failure for an empty queue.
      const executeSql: typeof execute = (...statement) => execute(...statement).catch((error: unknown) => {
        failures.push(error);
        throw error;
      }); // prettier-ignore
      const found = await this.#boss.fetch(queue, { db: { executeSql }, includeMetadata: true });
      if (failures.length > 0) throw failures[0];
      if (found[0] === undefined) return undefined;
      const { id, data, retryCount, priority } = takenSchema.parse(found[0]);
      const owner = { queue, workerId };
      await transaction.insert(claims).values({ jobId: id, ...owner }).onConflictDoUpdate({ target: claims.jobId, set: owner }); // prettier-ignore
      const { trace } = trailSchema.safeParse(data).data ?? { trace: {} };
      return { id, queue, priority, data, tried: retryCount, trace };
    });
  }

  /**
   * It is done, if it is still this worker's.
   * @param also what happens in the same transaction
   */
  complete(workerId: string, { id, queue }: Job, also?: (orm: Orm) => Promise<void>): Promise<void> {
    return this.#release(workerId, id, async (transaction) => {
      await also?.(transaction);
      await this.#boss.complete(queue, id, {}, { db: { executeSql: within(transaction) } });
    });
  }

  /** It has failed, and is tried again later; or is given up. */
  fail(workerId: string, { id, queue }: Job, reason: string): Promise<void> {
    return this.#release(workerId, id, (transaction) => this.failed(transaction, queue, id, reason));
  }

  /** Somebody else may do it at once; this time counts for nothing. */
  handBack(workerId: string, { id, queue }: Job): Promise<void> {
    return this.#release(workerId, id, async (transaction) => {
      await transaction.execute(sql`update pgboss.job set state = 'retry', retry_count = greatest(retry_count - 1, 0),
        started_on = case when retry_count = 0 then null else started_on end, start_after = ${ALWAYS}::timestamptz
        where name = ${queue} and id = ${id}::uuid and state = 'active'`);
    });
  }

  /** Within the transaction that takes it from whoever had it. */
  async failed(orm: Orm, queue: string, id: string, reason: string): Promise<void> {
    const db = { executeSql: within(orm) };
    await this.#boss.fail(queue, id, { message: reason }, { db });
    const job = await this.#boss.getJobById(queue, id, { db, includeArchive: false });
    if (job?.state === 'failed') await this.#giveUp(orm, this, job.data, reason);
  }

  /** Nobody wants these any more: they are taken away, also from whoever is doing them. @param part what their data have in common */
  async drop(orm: Orm, part: JobPart): Promise<void> {
    const gone = await rowsOf(orm, sql`delete from pgboss.job
      where name <> ${DEAD} and state < 'completed' and data @> ${JSON.stringify(part)}::jsonb returning id`, idSchema); // prettier-ignore
    for (let at = 0; at < gone.length; at += INSERTED) {
      await orm.delete(claims).where(inArray(claims.jobId, gone.slice(at, at + INSERTED).map(({ id }) => id))); // prettier-ignore
    }
  }

  /** Whether there is a job of this kind that waits or is being done. */
  async has(orm: Orm, part: JobPart): Promise<boolean> {
    const found = await rowsOf(orm, sql`select 1 as one from pgboss.job
      where name <> ${DEAD} and state < 'completed' and data @> ${JSON.stringify(part)}::jsonb limit 1`, z.unknown()); // prettier-ignore
    return found.length > 0;
  }

  /** What is done and old goes, so that tables do not grow for ever. */
  async tidy(): Promise<void> {
    await this.#orm.execute(sql`delete from pgboss.job where state in ('completed', 'cancelled', 'failed') and completed_on < now() - interval '1 day'`); // prettier-ignore
    // A clock of the database that was set back.
    await this.#orm.execute(sql`update pgboss.job set start_after = now() where state = 'retry' and start_after > now() + interval '10 minutes'`); // prettier-ignore
  }

  async #release(workerId: string, jobId: string, work: (orm: Orm) => Promise<void>): Promise<void> {
    await this.#orm.transaction(async (transaction) => {
      const own = and(eq(claims.jobId, jobId), eq(claims.workerId, workerId));
      const mine = await transaction.delete(claims).where(own).returning({ jobId: claims.jobId });
      // Somebody else has it: what this one did was done in vain, and does no harm.
      if (mine.length > 0) await work(transaction);
    });
  }
}
