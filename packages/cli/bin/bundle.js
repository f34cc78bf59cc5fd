/**
 * @file The sources as a few JavaScript files, made by the first run after a change and kept under node_modules/.cache.
 * Compiling on the way, file by file, costs every run a second of processor time before the first line of its work;
 * figures are in docs/reference/start-up.md.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, statSync, utimesSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setInterval } from 'node:timers';
import { fileURLToPath, pathToFileURL } from 'node:url';

const require = createRequire(import.meta.url);
const entry = fileURLToPath(new URL('../src/main.ts', import.meta.url));
/** The folder that dependencies are installed in. */
const modules = require.resolve('commander').replace(/(?<=node_modules)(?!.*node_modules).*/, '');
const cache = join(modules, '.cache', 'busana');

/**
 * Dependencies that go into the bundle: of many small files each, and plain JavaScript. The others stay where they
 * are, for they load native code, worker threads or files beside them.
 */
const absorbed = /^(zod|yaml|commander|cli-progress|yauzl|csv-parse|culori|tinyglobby|env-paths|@stdlib\/|@busana\/)/;

/** Files that run in a thread or process of their own. */
const workers = /-worker\.ts$/;

const HOUR = 3_600_000;
/** A bundle in use is touched once an hour; one that nobody has touched for so long is removed. */
const FORGOTTEN = 48 * HOUR;

/** The address of the bundle's entry, made where missing; undefined where it cannot be made. */
export async function bundled() {
  const files = sourceFiles();
  const folder = join(cache, stateOf(files));
  const file = join(folder, 'main.js');
  try {
    if (!existsSync(file)) await build(folder, files);
    // A long run loads parts of the bundle late: as long as it lives, nobody may take the bundle for forgotten.
    touch(folder);
    setInterval(touch, HOUR, folder).unref();
    return pathToFileURL(file).href;
  } catch {
    // A folder that is not writable, or a source with a mistake: whoever compiles on the way says which.
    return undefined;
  }
}

/** What a bundle is made of. */
function sourceFiles() {
  const packages = ['contracts', 'engine', 'vision', 'server', 'web'].map((name) =>
    fileURLToPath(import.meta.resolve(`@busana/${name}`)),
  );
  return [entry, ...packages].flatMap((path) => {
    const files = readdirSync(dirname(path), { recursive: true, withFileTypes: true });
    return files.filter((found) => found.isFile()).map((found) => join(found.parentPath, found.name)).sort(); // prettier-ignore
  });
}

/** Changes with any source (path, size, time), with the dependencies that are installed, and with this file. */
function stateOf(files) {
  const hash = createHash('sha256');
  const installed = join(modules, '.package-lock.json');
  const own = [fileURLToPath(import.meta.url), installed].filter((path) => existsSync(path));
  for (const path of [...own, ...files]) {
    const { size, mtimeMs } = statSync(path);
    hash.update(`${path} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex').slice(0, 20);
}

/** Under a temporary name first: several runs may start at once, and one that is stopped leaves nothing half-made. */
async function build(folder, files) {
  const temporary = `${folder}.${process.pid}.tmp`;
  await mkdir(temporary, { recursive: true });
  try {
    const { build: bundle } = await import('esbuild');
    await bundle({
      entryPoints: [entry, ...files.filter((path) => workers.test(path))],
      entryNames: '[name]',
      outdir: temporary,
      // Where they are found once they are there (packages/vision/src/worker-file.ts).
      define: { BUSANA_BUNDLE: JSON.stringify(`${pathToFileURL(folder).href}/`) },
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      sourcemap: true,
      sourcesContent: false,
      logLevel: 'silent',
      // What was written for `require` may still call it.
      banner: { js: `import{createRequire as $require}from'node:module';const require=$require(import.meta.url);` },
      plugins: [ownAddresses],
    });
    await rename(temporary, folder).catch((cause) => {
      if (!existsSync(folder)) throw cause;
    });
    await removeForgotten();
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** Our sources find files beside them by `import.meta.url`: in the bundle it stays the source's own. */
const ownAddresses = {
  name: 'own addresses',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^[^./]/ }, ({ path, importer, kind }) => {
      const inside = kind === 'entry-point' || absorbed.test(path) || importer.startsWith(modules);
      return inside ? undefined : { path, external: true };
    });
    onLoad({ filter: /\.ts$/ }, async ({ path }) => ({
      loader: 'ts',
      contents: (await readFile(path, 'utf8')).replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)),
    }));
  },
};

function touch(folder) {
  try {
    utimesSync(folder, new Date(), new Date());
  } catch {
    // Read-only, or removed by hand: nothing that the work at hand should fail of.
  }
}

async function removeForgotten() {
  for (const folder of readdirSync(cache).map((name) => join(cache, name))) {
    const touched = statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Infinity;
    if (Date.now() - touched > FORGOTTEN) await rm(folder, { recursive: true, force: true });
  }
}
