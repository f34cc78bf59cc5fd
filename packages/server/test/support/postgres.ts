/** @file A PostgreSQL of its own for tests: its own folder, its own port on loopback, stopped when they end. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { freePort } from './ports.ts';

/** Where Debian puts its versions. */
const debian = '/usr/lib/postgresql';
const places = [
  ...(process.env['PATH'] ?? '').split(delimiter),
  ...(existsSync(debian) ? readdirSync(debian).map((version) => join(debian, version, 'bin')) : []),
];
/** Folder of `initdb` and `postgres`; undefined where there is no PostgreSQL, and tests that need it are skipped. */
export const postgresPrograms = places.find((folder) => existsSync(join(folder, 'initdb')));

export interface Postgres {
  readonly url: string;
  /** Ends it, asked to or as if the power had failed; its data stay. */
  readonly down: (how: 'asked' | 'crash') => Promise<void>;
  /** Starts it again, where it was. */
  readonly up: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** @param durable writes what is committed to the disk, as outside of tests */
export async function startPostgres({ durable = false } = {}): Promise<Postgres> {
  if (postgresPrograms === undefined) throw new Error('there is no PostgreSQL');
  const folder = await mkdtemp(join(tmpdir(), 'busana-postgres-'));
  const root = process.getuid?.() === 0;
  // PostgreSQL refuses to run as root; Debian's package brings a user for it.
  const as = (program: string, args: readonly string[]): [string, string[]] => {
    const path = join(postgresPrograms, program);
    return root ? ['setpriv', ['--reuid=postgres', '--regid=postgres', '--clear-groups', path, ...args]] : [path, [...args]]; // prettier-ignore
  };
  await chmod(folder, 0o777);
  const data = join(folder, 'data');
  const setup = ['-D', data, '-U', 'postgres', '--auth=trust', '--no-sync', '--encoding=UTF8', '--locale=C'];
  await promisify(execFile)(...as('initdb', setup));
  const port = await freePort();
  const settings = [
    '-c',
    `port=${port}`,
    '-c',
    `unix_socket_directories=${folder}`,
    '-c',
    `fsync=${durable ? 'on' : 'off'}`,
  ];
  const begin = async () => {
    const server = spawn(...as('postgres', ['-D', data, ...settings]), { stdio: ['ignore', 'ignore', 'pipe'] });
    const ended = once(server, 'close');
    await new Promise<void>((resolve, reject) => {
      const lines = createInterface({ input: server.stderr });
      lines.on('line', (line) => line.includes('ready to accept connections') && resolve());
      lines.on('close', () => reject(new Error('PostgreSQL did not start')));
    });
    return { server, ended };
  };
  let running = await begin();
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    running.server.kill(signal);
    await running.ended;
  };
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    down: (how) => end(how === 'asked' ? 'SIGINT' : 'SIGQUIT'),
    up: async () => void (running = await begin()),
    stop: async () => {
      await end('SIGINT');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
