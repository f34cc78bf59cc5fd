/**
 * @file `npm run pack:prove`: packs everything, installs the archives in empty folders, and uses them on the oldest
 * Node.js that they say they work on and on the newest there is.
 */
import { execFileSync } from 'node:child_process';
import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { formatMessage } from 'publint/utils';
import { publint } from 'publint';
import { packAll, type Packed } from '../pack.ts';
import { overLimit, sizeTable } from '../sizes.ts';
import { checks } from './checks.ts';
import { prepareExamples } from './examples.ts';
import { installNodes, type NodeVersion } from './nodes.ts';
import { Place, weigh } from './place.ts';

const root = resolve(import.meta.dirname, '../../..');
const inside = (name: string): string => join(import.meta.dirname, 'inside', name);

async function timed<T>(what: string, work: () => T | Promise<T>): Promise<T> {
  const begin = performance.now();
  const result = await work();
  console.log(`${((performance.now() - begin) / 1000).toFixed(1).padStart(6)} s  ${what}`);
  return result;
}

/** Fields and files of the archives: exports that exist, in the order that resolvers read, nothing forgotten. */
async function expectValid(packed: readonly Packed[], work: string): Promise<void> {
  for (const { name, file } of packed) {
    const pkgDir = await mkdtemp(join(work, 'unpacked-'));
    execFileSync('tar', ['-xzf', file, '-C', pkgDir, '--strip-components=1']);
    const { messages, pkg } = await publint({ pkgDir, pack: false, strict: true });
    const problems = messages.map((message) => formatMessage(message, pkg));
    if (problems.length > 0) throw new Error(`${name}: ${problems.join('; ')}`);
  }
}

async function engineAlone(folder: string, engine: string, nodes: readonly NodeVersion[]): Promise<void> {
  const place = await Place.install(folder, [engine, '@types/node']);
  const installed = await readdir(join(folder, 'node_modules'), { recursive: true });
  const foreign = installed.filter((name) => /(^|\/)(@busana\/(?!engine)[^/]+|sharp|zod)$/.test(name));
  if (foreign.length > 0) throw new Error(`the engine brings ${foreign.join(', ')}`);
  await copyFile(join(root, 'packages/engine/examples/two-layer.ts'), join(folder, 'two-layer.ts'));
  for (const resolution of ['bundler', 'nodenext'] as const) await place.compile('two-layer.ts', resolution);
  for (const node of nodes) {
    const last = (await place.on(node).run('node', ['two-layer.js'])).trim().split('\n').at(-1) ?? '';
    const loss = Number(/^step 300: loss ([\d.]+)$/.exec(last)?.[1]);
    if (!(loss < 0.01)) throw new Error(`the engine does not learn on ${node.version}: '${last}'`);
  }
}

async function main(): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'busana-prove-'));
  try {
    const packed = await timed('pack', () => packAll(join(work, 'packed')));
    console.log(sizeTable(packed));
    const problems = overLimit(packed);
    if (problems.length > 0) throw new Error(problems.join('\n'));
    await timed('fields and exports of the archives (publint)', () => expectValid(packed, work));
    const nodes = await timed('Node.js', () => installNodes(join(work, 'nodes')));
    const engine = packed.find(({ name }) => name === '@busana/engine')!;
    await timed('the engine alone', () => engineAlone(join(work, 'engine'), engine.file, nodes));

    const folder = join(work, 'everything');
    const everything = [...packed.map(({ file }) => file), '@types/node'];
    const place = await timed('npm install', () => Place.install(folder, everything));
    const { bytes, files } = await weigh(join(folder, 'node_modules'));
    console.log(`          ${(bytes / 2 ** 20).toFixed(0)} MiB in ${files} files`);
    await copyFile(inside('use-vision.ts'), join(folder, 'use-vision.ts'));
    for (const resolution of ['bundler', 'nodenext'] as const)
      await timed(`types, ${resolution}`, () => place.compile('use-vision.ts', resolution));
    for (const node of nodes)
      for (const { name, run } of checks) await timed(`${node.version}  ${name}`, () => run(place.on(node)));

    const newest = place.on(nodes.at(-1)!);
    const examples = await timed('what the examples need', () => prepareExamples(newest));
    for (const { name, run } of examples) await timed(name, run);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

await main();
