/** @file The tables of the queue, beside those of the catalogue: pg-boss makes them and brings them up to date. */
import PgBoss from 'pg-boss';

/** How the library of the queue asks a database. */
export type ExecuteSql = (text: string, values?: unknown[]) => Promise<{ rows: Record<string, unknown>[] }>;

/** What there is to do: photos for the model, models to train, the catalogue to analyse. */
export const queueNames = ['predict', 'train', 'analyze'] as const;
export type QueueName = (typeof queueNames)[number];
/** Where jobs lie that could not be done. */
export const DEAD = 'dead';

/**
 * The order in which jobs are taken. The library's own index finds those that wait, all of which it then sorts: with 100,000
 * of them that took a fifth of a second for each that was taken.
 */
const NEXT = `create index job_next on pgboss.job (name, priority desc, created_on, id) where state < 'active'`;

/** A queue that is asked by whoever wants something of it; nothing goes on by itself. */
export function bossOf(executeSql: ExecuteSql): PgBoss {
  return new PgBoss({ db: { executeSql }, supervise: false, schedule: false });
}

/** One process at a time. */
export async function makeQueueTables(executeSql: ExecuteSql): Promise<void> {
  const boss = bossOf(executeSql);
  await boss.start();
  for (const name of [DEAD, ...queueNames]) await boss.createQueue(name);
  await boss.stop({ graceful: false });
  const { rows } = await executeSql("select 1 as there where to_regclass('pgboss.job_next') is not null");
  if (rows.length === 0) await executeSql(NEXT);
}
