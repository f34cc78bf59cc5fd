import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Home } from './homes.ts';

/** What every promise of the storage is tested on. */
export const storages: readonly {
  readonly name: string;
  readonly there: boolean;
  readonly make: () => Promise<Home>;
}[] = [
  {
    name: 'a folder',
    there: true,
    make: async () => {
      const where = await mkdtemp(join(tmpdir(), 'busana-storage-'));
      return { where, remove: () => rm(where, { recursive: true, force: true }) };
    },
  },
];
