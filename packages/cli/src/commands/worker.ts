import { BusanaError } from '@busana/contracts';
import type { QueueName, WorkOptions } from '@busana/server';
import type { Command } from 'commander';
import { once } from 'node:events';
import { hostname } from 'node:os';
import { withCommonFlags, type CommandContext } from '../command.ts';
import type { Console } from '../console.ts';
import { threadsOption, withThreadsFlag, type ThreadsFlag } from '../engine-flags.ts';

interface WorkerFlags extends ThreadsFlag {
  readonly queues: string;
  readonly concurrency: string;
  readonly database?: string;
  readonly storage?: string;
  readonly data: string;
  readonly traces?: string;
  readonly check?: boolean;
}

export function workerCommand(program: Command, { output, signal }: CommandContext): void {
  const command = program
    .command('worker')
    .description('jobs of a shop whose servers are elsewhere: imports, trainings, analyses; as many workers as there are machines')
    .option('--queues <names>', 'predict (photos of imports), train, analyze: what it works at, by commas', 'predict,train,analyze')
    .option('--concurrency <number>', 'jobs of each queue at once', '1')
    .option('--database <url>', 'postgres://… that servers and workers share')
    .option('--storage <address>', 's3://bucket/prefix or a folder that all of them share (default: --data)')
    .option('--data <folder>', 'folder of this machine for what is on its way, copies and trainings', 'data')
    .option('--traces <address>', 'collector of OpenTelemetry (OTLP over HTTP), e.g. http://127.0.0.1:4318')
    .option('--check', 'work at nothing: exit with 0 when a worker of this machine is alive, with 1 when none is'); // prettier-ignore
  withCommonFlags(
    withThreadsFlag(command),
    'busana worker --queues predict --concurrency 2 --database postgres://shop@db/shop --storage s3://shop/files',
  ).action(async (flags: WorkerFlags) => {
    const { database, storage, data, queues, concurrency, traces, check = false } = flags;
    if (database === undefined) {
      throw new BusanaError('USAGE', 'a worker shares a database with its servers, and none is named', {
        remedy: 'Name the one of the servers: --database postgres://… . A server alone does its jobs itself.',
      });
    }
    const { queueNames, work } = await import('@busana/server');
    const wanted = queuesOf(queues, queueNames);
    if (check) return isAlive(database, output);
    const running = await work({
      ...{ database, data, queues: wanted, concurrency: concurrencyOf(concurrency), signal },
      storage: storage ?? data,
      version: program.version() ?? '',
      ...(traces !== undefined && { traces }),
      ...threadsOption(flags),
      ...reports(output),
    });
    output.line(`worker ${running.id} works at ${wanted.join(', ')} (stop with Ctrl-C)`);
    output.result({ worker: running.id, queues: wanted });
    if (!signal.aborted) await once(signal, 'abort');
    await running.close();
    output.line('done; what was at hand is handed back');
  });
}

/** Lines for people; for programs the same as JSON on stderr, as those of a server. */
function reports(output: Console): Pick<WorkOptions, 'onFailure' | 'onWaiting' | 'onModel' | 'onJob'> {
  const { quiet } = output.options;
  const say = (level: number, msg: string, fields: object = {}): void => {
    if (quiet && level < 40) return;
    process.stderr.write(`${JSON.stringify({ level, time: Date.now(), pid: process.pid, msg, ...fields })}\n`);
  };
  return {
    onFailure: (error) => say(50, 'a job is interrupted', { error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    onWaiting: () => say(40, 'waits for a server that says which model answers'),
    onModel: (model) => say(30, 'another model answers', { model }),
    onJob: ({ id, queue }, how, milliseconds) => say(30, `job ${how}`, { job: id, queue, milliseconds: Math.round(milliseconds) }),
  }; // prettier-ignore
}

/** @throws BusanaError DATABASE_UNAVAILABLE; INTERNAL when there is none */
async function isAlive(url: string, output: Console): Promise<void> {
  const { jobsState, openDatabase } = await import('@busana/server');
  const database = await openDatabase(url);
  try {
    const { workers, queues } = await jobsState(database.orm);
    const here = workers.filter(({ host, alive }) => alive && host === hostname());
    output.table(
      ['queue', 'waiting', 'active', 'dead'],
      queues.map(({ name, waiting, active, dead }) => [name, String(waiting), String(active), String(dead)]),
    );
    output.result({ alive: here.length, queues });
    if (here.length === 0) throw new BusanaError('INTERNAL', `no worker of ${hostname()} is alive`, { remedy: 'Start one: busana worker.' }); // prettier-ignore
  } finally {
    await database.close();
  }
}

/** @throws BusanaError CONFIG_INVALID */
function queuesOf(text: string, known: readonly QueueName[]): QueueName[] {
  const names = text.split(',').map((name) => name.trim());
  return names.map((name) => {
    const queue = known.find((one) => one === name);
    if (queue !== undefined) return queue;
    throw new BusanaError('CONFIG_INVALID', `--queues '${name}' is none of ${known.join(', ')}`);
  });
}

/** @throws BusanaError CONFIG_INVALID */
function concurrencyOf(text: string): number {
  const number = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (number >= 1) return number;
  throw new BusanaError('CONFIG_INVALID', `--concurrency '${text}' is not a number from 1 to 999`);
}
