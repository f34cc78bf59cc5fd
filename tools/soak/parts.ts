/** @file What the memory and the open files of a server are made of, as the system (Linux) and the server itself tell. */
import { readdir, readFile, readlink } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';

/** Of the JavaScript of the main thread, in MiB. */
export interface Heap {
  /** As the engine holds it. */
  readonly total: number;
  /** What is in it: what is in use, and garbage that has not been collected. */
  readonly used: number;
}

/** What is resident, in MiB, and open files and sockets. */
export interface Parts {
  /** Pools of the C library, in which photos are decoded: what is used, and the gaps between. */
  readonly pools: number;
  /** The heap of the main thread. */
  readonly heap: number;
  /** Everything else but programs and libraries: the engine of the models, buffers, WebAssembly, heaps of other threads. */
  readonly rest: number;
  readonly descriptors: number;
  /** The same by what they are: `socket`, `pipe`, `anon_inode`, `file`. */
  readonly kinds: ReadonlyMap<string, number>;
}

const MIB = 2 ** 20;
/** Every pool but the first begins at a multiple of it, and is no larger (HEAP_MAX_SIZE of glibc's malloc/arena.c). */
const POOL = 64n * 1024n * 1024n;

/** @param address of the server */
export async function heapOf(address: string): Promise<Heap> {
  // A connection that was given up while everything stood still is made anew.
  const ask = async (): Promise<string> => (await fetch(`${address}/metrics`)).text();
  const metrics = await ask().catch(() => setTimeout(1000).then(ask));
  const mib = (name: RegExp): number => Number(name.exec(metrics)?.[1] ?? NaN) / MIB;
  return {
    total: mib(/^nodejs_heap_size_total_bytes (\S+)/m),
    used: mib(/^nodejs_heap_size_used_bytes (\S+)/m),
  };
}

/** @param heap of the same moment */
export async function partsOf(pid: number, { total }: Heap): Promise<Parts> {
  const [maps, files] = await Promise.all([readFile(`/proc/${pid}/smaps`, 'utf8'), filesOf(pid)]);
  const { anonymous, pools } = memoryOf(maps);
  const kinds = new Map<string, number>();
  for (const kind of files) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  return { pools, heap: total, rest: anonymous - pools - total, descriptors: files.length, kinds };
}

/** @param maps proc(5), /proc/PID/smaps @returns MiB */
export function memoryOf(maps: string): { resident: number; anonymous: number; pools: number } {
  const sums = { resident: 0, anonymous: 0, pools: 0 };
  let pool = false;
  for (const line of maps.split('\n')) {
    // e.g. `7f19c0000000-7f19c2a19000 rw-p 00000000 00:00 0      [heap]`
    const area = /^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \d+ *(.*)$/.exec(line);
    if (area !== null) {
      const [begin, end] = [BigInt(`0x${area[1]}`), BigInt(`0x${area[2]}`)];
      const [, , , rights, name] = area;
      pool = name === '[heap]' || (name === '' && rights === 'rw-p' && begin % POOL === 0n && end - begin <= POOL);
      continue;
    }
    const [, what, size] = /^(Rss|Anonymous): +(\d+) kB$/.exec(line) ?? [];
    if (what === 'Rss') sums.resident += Number(size) / 1024;
    if (what === 'Anonymous') sums.anonymous += Number(size) / 1024;
    if (what === 'Anonymous' && pool) sums.pools += Number(size) / 1024;
  }
  return sums;
}

async function filesOf(pid: number): Promise<string[]> {
  const folder = `/proc/${pid}/fd`;
  // One that has been closed meanwhile is none.
  const targets = (await readdir(folder)).map((name) => readlink(`${folder}/${name}`).catch(() => undefined));
  return (await Promise.all(targets)).flatMap((target) =>
    target === undefined ? [] : [target.startsWith('/') ? 'file' : target.replace(/:.*/, '')],
  );
}
