/** @file What packages weigh, and how much they may. */
import type { Packed } from './pack.ts';

/** Bytes of the archive, and of what is in it: some 15 % above what they were when the limit was set. */
interface Limit {
  readonly packed: number;
  readonly unpacked: number;
}

export const limits: Readonly<Record<string, Limit>> = {
  '@busana/contracts': { packed: 42_000, unpacked: 215_000 },
  '@busana/engine': { packed: 184_000, unpacked: 630_000 },
  '@busana/vision': { packed: 17_000_000, unpacked: 20_000_000 },
  '@busana/server': { packed: 215_000, unpacked: 810_000 },
  '@busana/web': { packed: 765_000, unpacked: 2_090_000 },
  busana: { packed: 29_000, unpacked: 96_000 },
};

/** @returns a line for every package that has grown beyond its limit, or has none */
export function overLimit(packages: readonly Packed[]): string[] {
  return packages.flatMap(({ name, size, unpackedSize }) => {
    const limit = limits[name];
    if (limit === undefined) return [`${name} has no limit in tools/pack/sizes.ts`];
    const over = (what: string, is: number, allowed: number): string[] =>
      is <= allowed
        ? []
        : [`${name}: ${is} bytes ${what}, at most ${allowed}: leave out what nobody needs, or raise it`];
    return [...over('packed', size, limit.packed), ...over('unpacked', unpackedSize, limit.unpacked)];
  });
}

export function sizeTable(packages: readonly Packed[]): string {
  const rows = packages.map(({ name, size, unpackedSize, entryCount }) =>
    [name.padEnd(20), kib(size), kib(unpackedSize), String(entryCount).padStart(7)].join(' '),
  );
  return [`${'package'.padEnd(20)} packed KiB unpacked KiB   files`, ...rows].join('\n');
}

function kib(bytes: number): string {
  return (bytes / 1024).toFixed(0).padStart(10);
}
