import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { postgresPrograms } from './postgres.ts';

export interface Home {
  readonly where: string;
  readonly remove: () => Promise<void>;
}

export interface HomeKind {
  readonly name: string;
  readonly there: boolean;
  /** With the tables of this version, and nothing in them. */
  readonly make: () => Promise<Home>;
  /** Without tables. */
  readonly makeEmpty: () => Promise<Home>;
}

/** What every promise of the catalogue is tested on. */
export const homes: readonly HomeKind[] = [
  { name: 'embedded', there: true, make: () => embedded('ready'), makeEmpty: () => embedded('empty') },
  {
    ...{ name: 'PostgreSQL', there: postgresPrograms !== undefined },
    ...{ make: () => onServer('ready'), makeEmpty: () => onServer('empty') },
  },
];

async function embedded(state: 'ready' | 'empty'): Promise<Home> {
  const where = await mkdtemp(join(tmpdir(), 'busana-database-'));
  await cp(await ask('POST', '/embedded', state), where, { recursive: true });
  return { where, remove: () => rm(where, { recursive: true, force: true }) };
}

async function onServer(state: 'ready' | 'empty'): Promise<Home> {
  const where = await ask('POST', '/server', state);
  return { where, remove: async () => void (await ask('DELETE', '/server', where)) };
}

/** The process that all test files share has them (`tools/test/databases.ts`). */
async function ask(method: 'POST' | 'DELETE', kind: string, body: string): Promise<string> {
  const response = await fetch(new URL(kind, inject('databases')), { method, body });
  if (!response.ok) throw new Error(await response.text());
  return response.text();
}
