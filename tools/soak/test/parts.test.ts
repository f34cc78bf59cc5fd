import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { memoryOf } from '../parts.ts';

/** As Linux writes it, of every area the lines that are read and some that are not. */
const area = (head: string, rss: number, anonymous: number): string =>
  `${head}\nSize:   99 kB\nRss:     ${rss} kB\nPss:   1 kB\nAnonymous:   ${anonymous} kB\nVmFlags: rd wr mr\n`;

describe('what memory is made of', () => {
  it('tells pools from files and from everything else', () => {
    const maps = [
      area('00400000-00b6f000 r--p 00000000 fe:00 1311   /usr/bin/node', 2048, 0),
      area('1ec5b000-2390b000 rw-p 00000000 00:00 0      [heap]', 4096, 4096),
      area('7f19c0000000-7f19c2a19000 rw-p 00000000 00:00 0', 1024, 1024),
      area('7f19c2a19000-7f19c4000000 ---p 00000000 00:00 0', 0, 0),
      // WebAssembly, which begins there by chance.
      area('7fd040000000-7fd04bc00000 rw-p 00000000 00:00 0', 3072, 3072),
      area('7f149fffe000-7f14abfff000 rw-p 00000000 00:00 0', 8192, 8192),
      area('7fff10000000-7fff10021000 rw-p 00000000 00:00 0      [stack]', 512, 512),
    ].join('');
    expect(memoryOf(maps)).toEqual({ resident: 18.5, anonymous: 16.5, pools: 5 });
  });

  it.skipIf(!existsSync('/proc/self/smaps'))('adds up to what Node.js says of this process', async () => {
    const { resident, anonymous, pools } = memoryOf(await readFile('/proc/self/smaps', 'utf8'));
    const told = process.memoryUsage.rss() / 2 ** 20;
    expect(Math.abs(resident / told - 1)).toBeLessThan(0.1);
    expect(pools).toBeGreaterThan(0);
    expect(anonymous).toBeGreaterThan(pools);
    expect(resident).toBeGreaterThan(anonymous);
  });
});
