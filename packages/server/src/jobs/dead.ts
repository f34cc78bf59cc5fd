/** @file Jobs that could not be done, for people to try again or to let go; and how much there is to do. */
import { BusanaError, type JobsState } from '@busana/contracts';
import { asc, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Orm } from '../database/open.ts';
import { DEAD, queueNames } from '../database/queue-tables.ts';
import { workers } from '../database/schema/workers.ts';
import { rowsOf } from './bound.ts';
import { revive } from './give-up.ts';
import type { JobQueue } from './queue.ts';
import { workSchema, type Work } from './work.ts';

/** Dead jobs that an answer lists. */
const MOST = 200;
/** Seconds after which a worker that has not been seen is told of as silent. */
const SILENT = 15;

const deadSchema = z.object({ id: z.string(), data: z.unknown(), reason: z.string().nullable(), at: z.coerce.date() });
const countSchema = z.object({ name: z.string(), state: z.string(), jobs: z.coerce.number() });

export interface Depth {
  readonly queue: string;
  readonly state: 'waiting' | 'active' | 'dead';
  readonly jobs: number;
}

/** Jobs that wait, are done, or could not be done. Those of one machine alone count with the others. */
export async function depthOf(orm: Orm): Promise<Depth[]> {
  const rows = await rowsOf(orm, sql`select case when name = ${DEAD} then coalesce(data->>'queue', 'predict') else split_part(name, '@', 1) end as name,
    case when name = ${DEAD} then 'dead' when state = 'active' then 'active' else 'waiting' end as state, count(*) as jobs
    from pgboss.job where state < 'completed' group by 1, 2`, countSchema); // prettier-ignore
  const states = ['waiting', 'active', 'dead'] as const;
  return queueNames.flatMap((queue) =>
    states.map((state) => ({
      ...{ queue, state },
      jobs: rows.filter((row) => row.name === queue && row.state === state).reduce((sum, { jobs }) => sum + jobs, 0),
    })),
  );
}

export async function jobsState(orm: Orm): Promise<JobsState> {
  const depth = await depthOf(orm);
  const of = (queue: string, state: string) => depth.find((one) => one.queue === queue && one.state === state)!.jobs;
  const alive = sql<boolean>`${workers.seenAt} > now() - make_interval(secs => ${SILENT})`;
  const known = await orm.select({ id: workers.id, host: workers.host, process: workers.pid, queues: workers.queues, concurrency: workers.concurrency, startedAt: workers.startedAt, alive }).from(workers).orderBy(asc(workers.startedAt)); // prettier-ignore
  const dead = await rowsOf(orm, sql`select id, data, output->>'message' as reason, created_on as at from pgboss.job
    where name = ${DEAD} and state < 'active' order by created_on desc, id limit ${MOST}`, deadSchema); // prettier-ignore
  return {
    queues: queueNames.map((name) => ({
      ...{ name, waiting: of(name, 'waiting'), active: of(name, 'active'), dead: of(name, 'dead') },
    })),
    // Servers that leave jobs to others watch over them, as workers of nothing.
    workers: known
      .filter(({ queues }) => queues.length > 0)
      .map(({ startedAt, queues, ...worker }) => ({
        ...worker,
        queues: [...queues],
        started_at: startedAt.toISOString(),
      })),
    dead: dead.map(({ id, data, reason, at }) => ({
      ...{ id, reason: reason ?? '', failed_at: at.toISOString(), ...describe(data) },
    })),
  };
}

/** A dead job is tried again from the beginning. @throws BusanaError JOB_NOT_FOUND */
export async function retryDead(orm: Orm, queue: JobQueue, id: string): Promise<void> {
  await orm.transaction(async (transaction) => {
    const data = await takeDead(transaction, id);
    const read = workSchema.safeParse(data);
    // What nobody understands goes back as it is: a newer version may.
    if (!read.success) return queue.addAgain(transaction, data);
    const work = read.data;
    // What was removed meanwhile needs no job.
    if (!(await revive(transaction, work))) return;
    const { kind } = work;
    if (kind === 'train' && (await queue.has(transaction, { training: work.training }))) return;
    if (kind === 'analyze' && (await queue.has(transaction, { analysis: work.analysis }))) return;
    await queue.addAgain(transaction, data);
  });
}

/** What it was for stays failed. @throws BusanaError JOB_NOT_FOUND */
export async function discardDead(orm: Orm, id: string): Promise<void> {
  await orm.transaction((transaction) => takeDead(transaction, id));
}

async function takeDead(orm: Orm, id: string): Promise<object> {
  const [found] = await rowsOf(orm, sql`delete from pgboss.job where name = ${DEAD} and id = ${id}::uuid and state < 'active' returning data`, z.object({ data: z.looseObject({}) })); // prettier-ignore
  if (found === undefined) throw new BusanaError('JOB_NOT_FOUND', `there is no job ${id} that could not be done`);
  return found.data;
}

function describe(data: unknown): Pick<JobsState['dead'][number], 'kind' | 'of' | 'photos'> {
  const read = workSchema.safeParse(data);
  if (!read.success) return { kind: 'unknown', of: null, photos: null };
  const work: Work = read.data;
  if (work.kind === 'train') return { kind: work.kind, of: work.training, photos: null };
  if (work.kind === 'analyze') return { kind: work.kind, of: work.analysis, photos: null };
  if (work.kind === 'anew') return { kind: work.kind, of: null, photos: null };
  return { kind: work.kind, of: work.import, photos: work.positions.length };
}
