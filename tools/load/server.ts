/** @file A server in a process of its own, and what the system says of it (Linux). */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readdir, readFile, rm, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const binary = fileURLToPath(new URL('../../packages/cli/bin/busana.js', import.meta.url));
const image = new URL('../../deploy/Containerfile', import.meta.url);

/** Of one process, so far. */
export interface Usage {
  /** Processor time of all its threads, in seconds. */
  readonly processor: number;
  /** Memory that is resident now. */
  readonly mib: number;
  /** Files and sockets that are open. */
  readonly descriptors: number;
}

export interface LoadedServer {
  readonly address: string;
  readonly pid: number;
  /** Folder of its files. */
  readonly data: string;
  readonly close: () => Promise<void>;
}

/**
 * `busana serve` on a free port, with a folder of its own that is removed afterwards. Its memory comes as in the image,
 * unless the environment has its say.
 */
export async function startServer(flags: readonly string[]): Promise<LoadedServer> {
  const environment = { ...memorySettings(await readFile(image, 'utf8')), ...process.env };
  const folder = await mkdtemp(join(tmpdir(), 'busana-load-'));
  // As in a container: a line of log for every request, which nobody reads here.
  const log = openSync('/dev/null', 'w');
  const args = [binary, 'serve', '--port', '0', '--data', folder, ...flags];
  const child = spawn(process.execPath, args, { env: environment, stdio: ['ignore', 'pipe', log] });
  closeSync(log);
  const { stdout } = child;
  if (stdout === null) throw new Error('there is no output to read');
  const exit = once(child, 'exit');
  const listening = (async () => {
    for await (const line of createInterface({ input: stdout })) {
      const address = /listening on (\S+)/.exec(line)?.[1];
      if (address !== undefined) return address;
    }
    return undefined;
  })();
  const address = await listening;
  if (address === undefined) throw new Error(`busana ${args.slice(1).join(' ')} did not start`);
  return {
    address,
    pid: child.pid!,
    data: folder,
    close: async () => {
      child.kill('SIGTERM');
      await exit;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What a Containerfile sets of the C library's memory: variables by name. */
export function memorySettings(containerfile: string): Record<string, string> {
  const settings = containerfile.matchAll(/\b(MALLOC_\w+)=(\S+)/g);
  return Object.fromEntries([...settings].map(([, name = '', value = '']): [string, string] => [name, value]));
}

/** Processor seconds of the processes that this one has started and that have ended. */
export async function childrenUsage(): Promise<number> {
  const stat = await readFile('/proc/self/stat', 'utf8');
  // Fields 16 and 17 (proc(5)).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) / TICKS;
}

/** Processor seconds that the whole machine has worked so far; those that its host has given to others. */
export async function machineUsage(): Promise<{ readonly busy: number; readonly stolen: number }> {
  // user, nice, system, idle, iowait, irq, softirq, steal (proc(5)).
  const line = (await readFile('/proc/stat', 'utf8')).split('\n')[0] ?? '';
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = line.split(/ +/).slice(1).map(Number);
  return { busy: (user + nice + system + irq + softirq) / TICKS, stolen: steal / TICKS };
}

/** Ticks of the processor's clock a second, as Linux counts them for programs. */
const TICKS = 100;

export async function usageOf(pid: number): Promise<Usage> {
  const [stat, status, files] = await Promise.all([
    readFile(`/proc/${pid}/stat`, 'utf8'),
    readFile(`/proc/${pid}/status`, 'utf8'),
    readdir(`/proc/${pid}/fd`),
  ]);
  // The name in brackets may have spaces; user and system time are fields 14 and 15 (proc(5)).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return {
    processor: (Number(fields[11]) + Number(fields[12])) / TICKS,
    mib: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? NaN) / 1024,
    descriptors: files.length,
  };
}
