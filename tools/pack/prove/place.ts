/** @file An empty folder with packages installed from their archives, as somebody has who knows nothing of a clone. */
import { execFile, execFileSync, type ExecFileException } from 'node:child_process';
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
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
    execFileSync('npm', ['install', '--no-progress', ...what], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
    return new Place(folder);
  }

  /** The same folder, with another Node.js. */
  on(node: NodeVersion): Place {
    return new Place(this.folder, node);
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

  /** Compiles a file to JavaScript beside it with the strictest settings, as somebody's own project would. */
  async compile(file: string, resolution: 'nodenext' | 'bundler'): Promise<void> {
    const compiler = resolve(import.meta.dirname, '../../../node_modules/typescript/bin/tsc');
    const module = resolution === 'bundler' ? 'esnext' : resolution;
    const settings = ['--strict', '--target', 'es2023', '--module', module, '--moduleResolution', resolution];
    // Declarations of ours are checked as well; those of echarts and onnxruntime name things of the browser.
    const checks = ['--skipLibCheck', 'false', '--lib', 'es2023,dom,dom.iterable', '--types', 'node'];
    await this.run(process.execPath, [compiler, ...settings, ...checks, file]);
  }
}

/** Bytes of all files of a folder, and how many files there are. */
export async function weigh(folder: string): Promise<{ bytes: number; files: number }> {
  const found = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const sizes = await Promise.all(found.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size));
  return { bytes: sizes.reduce((sum, size) => sum + size, 0), files: found.length };
}
