import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { postgresPrograms, startPostgres } from './postgres.ts';

export interface Home {
  readonly where: string;
  readonly remove: () => Promise<void>;
}

/** What every promise of the catalogue is tested on. */
export const homes: readonly { readonly name: string; readonly there: boolean; readonly make: () => Promise<Home> }[] =
  [
    {
      name: 'embedded',
      there: true,
      make: async () => {
        const where = await mkdtemp(join(tmpdir(), 'busana-database-'));
        return { where, remove: () => rm(where, { recursive: true, force: true }) };
      },
    },
    {
      name: 'PostgreSQL',
      there: postgresPrograms !== undefined,
      make: async () => {
        const { url, stop } = await startPostgres();
        return { where: url, remove: stop };
      },
    },
  ];
