/** @file Photos per second of `busana predict`, without what starting takes. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { binary } from './server.ts';

/** The photos of a folder, all of them `times` over: the difference to once is without the start. */
export async function bulkRate(folder: string, times: number): Promise<number> {
  const photos = (await readdir(folder)).filter((name) => /\.jpe?g$/i.test(name)).map((name) => join(folder, name));
  const seconds = async (rounds: number): Promise<number> => {
    const begin = performance.now();
    const child = spawn(process.execPath, [binary, 'predict', '-', '--quiet'], {
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    child.stdin.end(Array.from({ length: rounds }, () => photos.join('\n')).join('\n'));
    const [code] = (await once(child, 'exit')) as [number];
    if (code !== 0) throw new Error(`busana predict ended with ${code}`);
    return (performance.now() - begin) / 1000;
  };
  const once1 = await seconds(1);
  return ((times - 1) * photos.length) / ((await seconds(times)) - once1);
}
