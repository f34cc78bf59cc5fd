/**
 * @file Databases for tests: the tables are made once, when the first test asks, and everybody gets a copy. A new
 * database takes seconds of processor, a copy a fraction of one.
 */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import type { Postgres } from '../../packages/server/test/support/postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where databases are asked for. */
    readonly databases: string;
  }
}

/** Whether tables are there already. */
type State = 'empty' | 'ready';

class Databases {
  /** Of the embedded ones. */
  readonly #folder: string;
  readonly #embedded = new Map<State, Promise<string>>();
  #cluster: Promise<Postgres> | undefined;
  #template: Promise<void> | undefined;
  #made = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @returns a folder that nobody has open, to be copied */
  embedded(state: State): Promise<string> {
    const known = this.#embedded.get(state) ?? this.#makeEmbedded(state);
    this.#embedded.set(state, known);
    return known;
  }

  /** @returns address of a database of its own in the one cluster */
  async server(state: State): Promise<string> {
    const { url } = await (this.#cluster ??= startCluster());
    await (this.#template ??= makeTemplate(url));
    const name = `test_${(this.#made += 1)}`;
    await execute(url, `create database ${name} template ${state === 'ready' ? 'ready' : 'template0'}`);
    return named(url, name);
  }

  async remove(url: string): Promise<void> {
    const name = new URL(url).pathname.slice(1);
    if (!/^test_\d+$/.test(name)) throw new Error(`${name} is not a database of tests`);
    await execute(named(url, 'postgres'), `drop database ${name} with (force)`);
  }

  async close(): Promise<void> {
    await (await this.#cluster)?.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #makeEmbedded(state: State): Promise<string> {
    const folder = join(this.#folder, state);
    if (state === 'ready') await cp(await this.embedded('empty'), folder, { recursive: true });
    await prepare(folder, state);
    return folder;
  }
}

/** Loaded when somebody asks: many runs need no database. */
async function startCluster(): Promise<Postgres> {
  const { startPostgres } = await import('../../packages/server/test/support/postgres.ts');
  return startPostgres();
}

async function makeTemplate(url: string): Promise<void> {
  await execute(url, 'create database ready template template0');
  await prepare(named(url, 'ready'), 'ready');
}

/** Elsewhere: processes that are started inherit what this one has taken for the most memory that they ever had. */
async function prepare(where: string, state: State): Promise<void> {
  const script = join(import.meta.dirname, 'prepare.ts');
  await promisify(execFile)(process.execPath, ['--import', 'tsx', script, where, state]);
}

async function execute(url: string, statement: string): Promise<void> {
  const { connectDatabase } = await import('../../packages/server/src/database/open.ts');
  const { executeSql, close } = await connectDatabase(url);
  await executeSql(statement).finally(close);
}

function named(url: string, name: string): string {
  const address = new URL(url);
  address.pathname = name;
  return String(address);
}

/** Whoever asks with `POST` gets a database, whoever sends its address with `DELETE` gives it back. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const databases = new Databases(await mkdtemp(join(tmpdir(), 'busana-databases-')));
  const answer = async (method: string, kind: string, given: string): Promise<string> => {
    if (method === 'DELETE') return databases.remove(given).then(() => '');
    const state = given === 'empty' ? 'empty' : 'ready';
    return kind === '/embedded' ? databases.embedded(state) : databases.server(state);
  };
  const server = createServer((request, response) => {
    void (async () => {
      const given = Buffer.concat((await request.toArray()) as Buffer[]).toString();
      await answer(request.method ?? '', request.url ?? '', given).then(
        (text) => response.end(text),
        (error: unknown) => response.writeHead(500).end(String(error)),
      );
    })();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  project.provide('databases', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return async () => {
    server.close();
    server.closeAllConnections();
    await databases.close();
  };
}
