/** @file An empty folder with packages installed from their archives, as somebody has who knows nothing of a clone. */
import { execFile, spawn, type ExecFileException } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { NodeVersion } from './nodes.ts';

export class Place {
  readonly folder: string;
  /** The Node.js that runs programs here; undefined: the one that runs this. */
  readonly #node: NodeVersion | undefined;

  constructor(folder: string, node?: NodeVersion) {
    this.folder = folder;
    this.#node = node;
  }

  /** @param what archives, or names of packages of the registry */
  static async install(folder: string, what: readonly string[]): Promise<Place> {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, '.npmrc'), 'ignore-scripts=true\nfund=false\naudit=false\n');
    await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
    const place = new Place(folder);
    await place.add(what);
    return place;
  }

  /** Installs more. @param what archives, or names of packages of the registry */
  async add(what: readonly string[]): Promise<void> {
    await this.run('npm', ['install', '--no-progress', '--prefer-offline', ...what], { quiet: false });
  }

  /** The same folder, with another Node.js. */
  on(node: NodeVersion): Place {
    return new Place(this.folder, node);
  }

  /** A folder in this one, with the same Node.js. */
  within(folder: string): Place {
    return new Place(join(this.folder, folder), this.#node);
  }

  get environment(): NodeJS.ProcessEnv {
    const { PATH = '' } = process.env;
    // A command of the folder, and what it starts, finds the wanted Node.js first.
    return { ...process.env, PATH: this.#node === undefined ? PATH : `${this.#node.bin}${delimiter}${PATH}` };
  }

  /** Runs a program to its end. @returns what it printed @throws Error with all it printed, where it fails or warns */
  run(command: string, given: readonly string[], { quiet = true } = {}): Promise<string> {
    const options = { cwd: this.folder, env: this.environment, maxBuffer: 2 ** 24 };
    return new Promise((done, failed) => {
      execFile(command, [...given], options, (error: ExecFileException | null, stdout, stderr) => {
        const what = `${command} ${given.join(' ')} (${this.#node?.version ?? process.version})`;
        if (error !== null) failed(new Error(`${what} failed:\n${stdout}${stderr}`, { cause: error }));
        else if (quiet && stderr !== '') failed(new Error(`${what} complained:\n${stderr}`));
        else done(stdout);
      });
    });
  }

  /** Starts a server, which says where it listens, and ends it. @param given the program and its arguments */
  async serving(given: string | readonly string[], work: (address: string) => Promise<void>): Promise<void> {
    const options = { cwd: this.folder, env: { ...this.environment, PORT: '0' } };
    const server = spawn('node', [given].flat(), { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let log = '';
    server.stderr.on('data', (chunk: Buffer) => (log = (log + chunk.toString()).slice(-4000)));
    try {
      await work(await addressIn(server.stdout));
    } catch (cause) {
      throw new Error(`${String(cause)}\n${log}`, { cause });
    } finally {
      const ended = once(server, 'exit');
      server.kill('SIGTERM');
      await ended;
    }
  }

  async tsc(given: readonly string[]): Promise<void> {
    await this.run('node', [resolve(import.meta.dirname, '../../../node_modules/typescript/bin/tsc'), ...given]);
  }

  /** Compiles a file to JavaScript beside it with the strictest settings, as somebody's own project would. */
  async compile(file: string, resolution: 'nodenext' | 'bundler'): Promise<void> {
    const module = resolution === 'bundler' ? 'esnext' : resolution;
    const settings = ['--strict', '--target', 'es2023', '--module', module, '--moduleResolution', resolution];
    // Declarations of ours are checked as well; those of echarts and onnxruntime name things of the browser.
    const checks = ['--skipLibCheck', 'false', '--lib', 'es2023,dom,dom.iterable', '--types', 'node'];
    await this.tsc([...settings, ...checks, file]);
  }
}

async function addressIn(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: output })) {
    const [address] = /http:\/\/127\.0\.0\.1:\d+/.exec(line) ?? [];
    if (address !== undefined) return address;
  }
  throw new Error('the server ended before it said where it listens');
}

/** Bytes of all files of a folder, and how many files there are. */
export async function weigh(folder: string): Promise<{ bytes: number; files: number }> {
  const found = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const sizes = await Promise.all(found.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size));
  return { bytes: sizes.reduce((sum, size) => sum + size, 0), files: found.length };
}
