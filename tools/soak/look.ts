/** @file What a server holds at one moment: memory and open files, as the system (Linux) and the server itself tell. */
import { readdir, readlink } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { usageOf, type Usage } from '../load/server.ts';

/** Of the JavaScript of the main thread, in MiB. */
export interface Heap {
  /** As the engine holds it. */
  readonly total: number;
  /** What is in it: what is in use, and garbage that has not been collected. */
  readonly used: number;
}

/** What there was, and when. */
export interface Look extends Usage {
  readonly hour: number;
  readonly heap: Heap;
}

/** How many are open, by what they are: `socket`, `pipe`, `anon_inode`, `file`. */
export type OpenFiles = ReadonlyMap<string, number>;

const MIB = 2 ** 20;

export async function lookAt(
  { address, pid }: { readonly address: string; readonly pid: number },
  hour: number,
): Promise<Look> {
  // A connection that was given up while everything stood still is made anew.
  const ask = async (): Promise<string> => (await fetch(`${address}/metrics`)).text();
  const metrics = await ask().catch(() => setTimeout(1000).then(ask));
  const mib = (name: RegExp): number => Number(name.exec(metrics)?.[1] ?? NaN) / MIB;
  const heap = {
    total: mib(/^nodejs_heap_size_total_bytes (\S+)/m),
    used: mib(/^nodejs_heap_size_used_bytes (\S+)/m),
  };
  return { hour, ...(await usageOf(pid)), heap };
}

export async function openFiles(pid: number): Promise<OpenFiles> {
  const folder = `/proc/${pid}/fd`;
  // One that has been closed meanwhile is none.
  const targets = (await readdir(folder)).map((name) => readlink(`${folder}/${name}`).catch(() => undefined));
  const kinds = new Map<string, number>();
  for (const target of await Promise.all(targets)) {
    if (target === undefined) continue;
    const kind = target.startsWith('/') ? 'file' : target.replace(/:.*/, '');
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  return kinds;
}

/** Of all kinds together: files, or requests. */
export function countOf(kinds: ReadonlyMap<string, number>): number {
  return [...kinds.values()].reduce((sum, count) => sum + count, 0);
}
