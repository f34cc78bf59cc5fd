/** @file Many workers at once, and what they and PostgreSQL cost (Linux). */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { machineUsage } from '../load/server.ts';

const outcomeSchema = z.object({ done: z.int(), latencies: z.array(z.number()) });

export interface Outcome {
  readonly done: number;
  /** Milliseconds, of jobs that say when they were sent; the shortest first. */
  readonly latencies: readonly number[];
  readonly seconds: number;
  /** Processor seconds a second: of PostgreSQL, and of the whole machine. */
  readonly postgres: number;
  readonly machine: number;
}

/** Lets workers work for so long. @param meanwhile what is done until their end @param postmaster process of PostgreSQL */
export async function workFor(
  { url, postmaster }: { readonly url: string; readonly postmaster: number },
  { workers, seconds }: { readonly workers: number; readonly seconds: number },
  meanwhile: (until: number) => Promise<void>,
): Promise<Outcome> {
  const hands = await Promise.all(Array.from({ length: workers }, () => start(url)));
  const [own, all, begin] = [await postgresUsage(postmaster), await machineUsage(), performance.now()];
  for (const hand of hands) hand.send('begin');
  await meanwhile(begin + 1000 * seconds);
  const [ownAfter, allAfter, took] = [
    await postgresUsage(postmaster),
    await machineUsage(),
    (performance.now() - begin) / 1000,
  ];
  const told = await Promise.all(hands.map(end));
  return {
    done: told.reduce((sum, { done }) => sum + done, 0),
    latencies: told.flatMap(({ latencies }) => latencies).sort((a, b) => a - b),
    seconds: took,
    postgres: (ownAfter - own) / took,
    machine: (allAfter.busy - all.busy) / took,
  };
}

async function start(url: string): Promise<ChildProcess> {
  const child = fork(join(import.meta.dirname, 'hand.ts'), [url], { execArgv: ['--import', 'tsx'] });
  await once(child, 'message');
  return child;
}

async function end(child: ChildProcess): Promise<z.infer<typeof outcomeSchema>> {
  child.send('end');
  const [message] = (await once(child, 'message')) as [unknown];
  return outcomeSchema.parse(message);
}

/** Processor seconds of a PostgreSQL so far: of its first process, and of all that this one has started. */
async function postgresUsage(postmaster: number): Promise<number> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')));
  let ticks = 0;
  for (const [at, stat] of stats.entries()) {
    // Behind the name: parent is field 4; times are fields 14 to 17, those of children that have ended the last two (proc(5)).
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields.slice(11, 15);
    if (Number(pids[at]) === postmaster) ticks += user + system + endedUser + endedSystem;
    else if (fields[1] === postmaster) ticks += user + system;
  }
  return ticks / 100;
}
