/** @file Photos per second of `busana predict`, and their processor time, without what starting takes. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { binary, childrenUsage } from './server.ts';

export interface Bulk {
  /** Photos a second. */
  readonly rate: number;
  /** Processor time of a photo, in milliseconds: what others do on the machine changes it little. */
  readonly processor: number;
}

/** The photos of a folder, all of them `times` over: the difference to once is without the start. */
export async function measureBulk(folder: string, times: number): Promise<Bulk> {
  const names = (await readdir(folder)).filter((name) => /\.jpe?g$/i.test(name));
  const list = names.map((name) => join(folder, name)).join('\n');
  const run = async (rounds: number): Promise<{ readonly seconds: number; readonly processor: number }> => {
    const [begin, used] = [performance.now(), await childrenUsage()];
    const child = spawn(process.execPath, [binary, 'predict', '-', '--quiet'], {
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    child.stdin.end(Array.from({ length: rounds }, () => list).join('\n'));
    const [code] = (await once(child, 'exit')) as [number];
    if (code !== 0) throw new Error(`busana predict ended with ${code}`);
    return { seconds: (performance.now() - begin) / 1000, processor: (await childrenUsage()) - used };
  };
  const [one, all] = [await run(1), await run(times)];
  const photos = (times - 1) * names.length;
  return {
    rate: photos / (all.seconds - one.seconds),
    processor: (1000 * (all.processor - one.processor)) / photos,
  };
}
