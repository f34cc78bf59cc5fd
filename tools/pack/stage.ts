/** @file The folders that are packed: JavaScript and declarations in place of sources, and the files that go with them. */
import { site } from '@busana/web';
import { execFileSync } from 'node:child_process';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { compiledFolders, manifestSchema, publishedManifest } from './manifest.ts';

const root = resolve(import.meta.dirname, '../..');
/** In the order of their dependencies. */
export const packages = ['contracts', 'engine', 'vision', 'server', 'web', 'cli'] as const;

/** What a package contains besides the files of its own folder: from where in the clone, to where in the package. */
const additions: Partial<Record<(typeof packages)[number], () => Promise<[from: string, to: string]>>> = {
  vision: () => Promise.resolve([join(root, 'models'), 'models']),
  web: async () => [await site(), 'dist'],
};

/**
 * Compiles all packages and lays out each as it is published.
 * @param into an empty folder
 * @returns the folder of each package
 */
export async function stagePackages(into: string): Promise<string[]> {
  const emitted = join(into, 'emitted');
  // One program for all: packages see each other's sources, as they do in a clone.
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [compiler, '--project', import.meta.dirname, '--outDir', emitted], {
    stdio: 'inherit',
  });
  return Promise.all(packages.map((name) => stagePackage(name, join(emitted, name), join(into, name))));
}

async function stagePackage(name: (typeof packages)[number], emitted: string, target: string): Promise<string> {
  const source = join(root, 'packages', name);
  await mkdir(target);
  const manifest = manifestSchema.parse(JSON.parse(await readFile(join(source, 'package.json'), 'utf8')));
  await writeFile(join(target, 'package.json'), `${JSON.stringify(publishedManifest(manifest), null, 2)}\n`);
  await writeFile(join(target, 'README.md'), withoutOutwardLinks(await readFile(join(source, 'README.md'), 'utf8')));
  await cp(join(root, 'LICENSE'), join(target, 'LICENSE'));
  for (const folder of await readdir(emitted)) {
    const to = join(target, compiledFolders[folder]!);
    await cp(join(emitted, folder), to, { recursive: true });
    await cp(join(source, folder), to, { recursive: true, filter: (path) => !isSource(path) });
  }
  const [from, to] = (await additions[name]?.()) ?? [];
  if (from !== undefined && to !== undefined) await cp(from, join(target, to), { recursive: true });
  return target;
}

/** What something else was made of, or what only the maker of the next migration reads. */
function isSource(path: string): boolean {
  return /(\.tsx?|\.wat|_snapshot\.json)$/.test(path);
}

/** Links to files of the clone that are not in the package keep their words. */
function withoutOutwardLinks(text: string): string {
  return text.replace(/(!?)\[([^\]]*)\]\((?:\.\.\/)[^)]*\)/g, (_, image: string, words: string) =>
    image ? '' : words,
  );
}
