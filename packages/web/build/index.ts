/**
 * @file The pages as files that a server can hand out. A published package has them in `dist`; in a clone they are made
 * of the sources when they are first asked for, and kept under node_modules/.cache until a source changes.
 */
import { BusanaError } from '@busana/contracts';
import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const home = fileURLToPath(new URL('..', import.meta.url));
/** How they are made. */
const settings = join(home, 'vite.config.ts');
const require = createRequire(import.meta.url);

const HOUR = 3_600_000;
/** Pages of other sources that nobody has asked for so long are removed. */
const FORGOTTEN = 48 * HOUR;

/** @returns the folder of `index.html` and what belongs to it @throws BusanaError INTERNAL where it cannot be made */
export async function site(): Promise<string> {
  if (!existsSync(join(home, 'src'))) return join(home, 'dist');
  const cache = join(modulesFolder(), '.cache', 'busana-web');
  const folder = join(cache, await stateOfSources());
  try {
    if (existsSync(join(folder, 'index.html'))) await utimes(folder, new Date(), new Date()).catch(() => undefined);
    else await makeSite(cache, folder);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BusanaError('INTERNAL', `the pages cannot be made: ${reason}`, {
      remedy: `Correct the source, or make ${cache} writable, and start again.`,
      cause,
    });
  }
  return folder;
}

/** Made under a temporary name: several servers may start at once, and one that is stopped leaves nothing half-made. */
async function makeSite(cache: string, folder: string): Promise<void> {
  const temporary = `${folder}.${randomUUID()}.tmp`;
  try {
    await buildSite(temporary);
    await rename(temporary, folder).catch((cause: unknown) => {
      if (!existsSync(folder)) throw cause;
    });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  for (const name of await readdir(cache)) {
    const { mtimeMs } = await stat(join(cache, name));
    if (Date.now() - mtimeMs > FORGOTTEN) await rm(join(cache, name), { recursive: true, force: true });
  }
}

/** In a process of its own: what the bundler takes, some 300 MiB, it would keep for as long as the server runs. */
async function buildSite(outDir: string): Promise<void> {
  const vite = join(dirname(require.resolve('vite/package.json')), 'bin', 'vite.js');
  const flags = ['--config', settings, '--outDir', outDir, '--emptyOutDir', '--logLevel', 'error'];
  // Whoever asks, e.g. a test: what is handed out is always the same.
  const env = { ...process.env, NODE_ENV: 'production' };
  await promisify(execFile)(process.execPath, [vite, 'build', home, ...flags], { env });
}

/** Changes with the content of any source, and with the dependencies that are installed. */
async function stateOfSources(): Promise<string> {
  const hash = createHash('sha256');
  const contracts = dirname(fileURLToPath(import.meta.resolve('@busana/contracts')));
  const installed = join(modulesFolder(), '.package-lock.json');
  const single = [join(home, 'index.html'), settings, fileURLToPath(import.meta.url), installed].filter((path) =>
    existsSync(path),
  );
  const listed = await Promise.all([join(home, 'src'), join(home, 'public'), contracts].map(filesIn));
  for (const path of [...single, ...listed.flat()].sort())
    hash
      .update(path)
      .update('\0')
      .update(await readFile(path));
  return hash.digest('hex').slice(0, 20);
}

async function filesIn(folder: string): Promise<string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** The folder that dependencies are installed in. */
function modulesFolder(): string {
  return require.resolve('vite').replace(/(?<=node_modules)(?!.*node_modules).*/, '');
}
