/**
 * @file The pages as files that a server can hand out. A published package has them in `dist`; in a clone they are made
 * of the sources when they are first asked for, and kept under node_modules/.cache until a source changes.
 */
import { BusanaError } from '@busana/contracts';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const home = fileURLToPath(new URL('..', import.meta.url));
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

async function buildSite(outDir: string): Promise<void> {
  await mkdir(outDir, { recursive: true });
  const { build } = await import('vite');
  await build({
    root: home,
    configFile: false,
    logLevel: 'silent',
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2022',
      // The server's content policy allows no `data:` fonts or scripts.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      // Nobody measures on the way to a page that comes from this machine.
      reportCompressedSize: false,
      chunkSizeWarningLimit: Infinity,
      // What is bundled has to be named.
      license: { fileName: 'licences.md' },
    },
  });
}

/** Changes with the content of any source, and with the dependencies that are installed. */
async function stateOfSources(): Promise<string> {
  const hash = createHash('sha256');
  const contracts = dirname(fileURLToPath(import.meta.resolve('@busana/contracts')));
  const installed = join(modulesFolder(), '.package-lock.json');
  const single = [join(home, 'index.html'), fileURLToPath(import.meta.url), installed].filter((path) =>
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
