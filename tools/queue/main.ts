/**
 * @file `npm run bench:queue`: how many jobs a second one PostgreSQL hands out and takes back, by our own queue and workers that
 * do nothing, and how long a job waits for its beginning.
 */
import { sql } from 'drizzle-orm';
import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import { openDatabase } from '../../packages/server/src/database/up-to-date.ts';
import { rowsOf } from '../../packages/server/src/jobs/bound.ts';
import { JobQueue } from '../../packages/server/src/jobs/queue.ts';
import type { NewJob } from '../../packages/server/src/jobs/work.ts';
import { startPostgres } from '../../packages/server/test/support/postgres.ts';
import { readArguments, refuse } from '../bench/command-line.ts';
import { quantile } from '../load/phases.ts';
import { microseconds } from './clock.ts';
import { workFor, type Outcome } from './hands.ts';

const help = `
npm run bench:queue -- [--waiting N] [--workers N,N,…] [--seconds N] [--rate N]

Jobs of 64 photos through a PostgreSQL of its own, which writes to the disk what is committed: sent one by one and many at
once, done by workers in processes of their own. Needs Linux and PostgreSQL's programs.

  --waiting N       jobs that wait when workers begin (default: 10000)
  --workers N,N,…   processes (default: 1,2,4,8)
  --seconds N       of each measurement (default: 8)
  --rate N          jobs a second, for how long one waits for its beginning (default: 20)

Example: npm run bench:queue -- --waiting 100000 --workers 4
`;
const { values } = readArguments(
  {
    options: {
      waiting: { type: 'string', default: '10000' },
      workers: { type: 'string', default: '1,2,4,8' },
      seconds: { type: 'string', default: '8' },
      rate: { type: 'string', default: '20' },
    },
  },
  help,
);
const [waiting, seconds, rate] = [Number(values.waiting), Number(values.seconds), Number(values.rate)];
const crews = values.workers.split(',').map(Number);
if (![waiting, seconds, rate, ...crews].every((number) => number > 0)) refuse('all are numbers above 0');

/** Of one statement. */
const MANY = 1000;
/** Before all that wait, as a person's photos go before those of an import of millions. */
const URGENT = 1;

const positions = Array.from({ length: 64 }, (_, at) => -1 - at);
const job: NewJob = { queue: 'predict', work: { kind: 'predict', import: 1, positions } };
const urgent = (): NewJob => ({
  ...job,
  work: { kind: 'predict', import: 1, positions: [microseconds()] },
  priority: URGENT,
});

const postgres = await startPostgres({ durable: true });
try {
  const database = await openDatabase(postgres.url);
  const { orm } = database;
  const queue = new JobQueue(database, () => Promise.resolve());
  const one = async <T>(statement: ReturnType<typeof sql>, schema: z.ZodType<T>): Promise<T> => (await rowsOf(orm, statement, schema))[0]!; // prettier-ignore
  const send = (jobs: readonly NewJob[]) => orm.transaction((transaction) => queue.add(transaction, jobs));
  const { version, backend } = await one(sql`select current_setting('server_version') as version, pg_backend_pid() as backend`, z.object({ version: z.string(), backend: z.int() })); // prettier-ignore
  const stat = await readFile(`/proc/${backend}/stat`, 'utf8');
  const server = { url: postgres.url, postmaster: Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) };
  console.log(
    `${cpus()[0]?.model ?? ''}, ${cpus().length} cores, node ${process.version}, PostgreSQL ${version}; ${waiting} jobs wait`,
  );

  /** How many are sent a second. @param lanes transactions at once */
  async function sending(lanes: number, jobs: readonly NewJob[], until: (sent: number) => boolean): Promise<number> {
    const begin = performance.now();
    let sent = 0;
    const lane = async () => {
      while (!until(sent)) {
        sent += jobs.length;
        await send(jobs);
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    return (1000 * sent) / (performance.now() - begin);
  }
  const many = Array.from({ length: Math.min(MANY, waiting) }, () => job);
  const fill = async (): Promise<number> => {
    const counted = z.object({ jobs: z.int() });
    const { jobs } = await one(sql`select count(*)::int as jobs from pgboss.job where name = 'predict' and state < 'active'`, counted); // prettier-ignore
    return sending(1, many, (sent) => jobs + sent >= waiting);
  };
  console.log(`sent, ${many.length} at once: ${(await fill()).toFixed(0)}/s`);
  for (const lanes of [1, 8]) {
    const end = performance.now() + 250 * seconds;
    console.log(`sent one by one, ${lanes} at a time: ${(await sending(lanes, [job], () => performance.now() > end)).toFixed(0)}/s`); // prettier-ignore
  }
  await orm.execute(sql.raw('vacuum analyze pgboss.job'));

  for (const workers of crews) {
    await fill();
    const outcome = await workFor(server, { workers, seconds }, (until) => setTimeout(until - performance.now()));
    console.log(`${workers} workers: ${(outcome.done / outcome.seconds).toFixed(0)} jobs/s; ${cores(outcome)}`);
  }
  const most = crews.at(-1)!;
  await fill();
  const urged = await workFor(server, { workers: most, seconds }, sendSteadily);
  console.log(`urgent ones before ${waiting} that wait, ${most} workers at work: ${latency(urged)}; ${cores(urged)}`);
  await orm.execute(sql`delete from pgboss.job where name = 'predict' and state < 'active'`);
  const calm = await workFor(server, { workers: most, seconds }, sendSteadily);
  console.log(`nothing waits, ${most} workers idle: ${latency(calm)}; ${cores(calm)}`);

  const { bytes, dead, live } = await one(
    sql`select sum(pg_total_relation_size(relid))::float8 as bytes, sum(n_dead_tup)::float8 as dead, sum(n_live_tup)::float8 as live
      from pg_stat_user_tables where schemaname = 'pgboss'`,
    z.object({ bytes: z.number(), dead: z.number(), live: z.number() }),
  );
  console.log(`tables of the queue afterwards: ${(bytes / 2 ** 20).toFixed(0)} MiB, ${live} rows, ${dead} dead`);
  await database.close();

  async function sendSteadily(until: number): Promise<void> {
    for (let [next] = [performance.now()]; next < until; next += 1000 / rate) {
      await setTimeout(next - performance.now());
      await send([urgent()]);
    }
  }
} finally {
  await postgres.stop();
}

function cores({ postgres, machine }: Outcome): string {
  return `cores: PostgreSQL ${postgres.toFixed(2)}, machine ${machine.toFixed(2)}`;
}

function latency({ latencies }: Outcome): string {
  const [middle, high] = [quantile(latencies, 0.5), quantile(latencies, 0.99)];
  return `ms from sending to beginning, p50 / p99 of ${latencies.length}: ${middle.toFixed(0)} / ${high.toFixed(0)}`;
}
