import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HomeKind } from './homes.ts';
import { s3Program, startS3 } from './s3.ts';

/** What every promise of the storage is tested on. */
export const storages: readonly Omit<HomeKind, 'makeEmpty'>[] = [
  {
    name: 'a folder',
    there: true,
    make: async () => {
      const where = await mkdtemp(join(tmpdir(), 'busana-storage-'));
      return { where, remove: () => rm(where, { recursive: true, force: true }) };
    },
  },
  {
    name: 'S3',
    there: s3Program !== undefined,
    make: async () => {
      const { bucket, stop } = await startS3();
      return { where: await bucket(), remove: stop };
    },
  },
];

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}
