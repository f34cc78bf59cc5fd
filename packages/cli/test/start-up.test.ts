/** @file How the binary starts: from a bundle of the sources that is never older than they are. */
import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const modules = fileURLToPath(new URL('../../../node_modules', import.meta.url));
const cache = join(modules, '.cache', 'busana');
let folder: string;
let copy: string;

/** Runs the copy's binary. */
function busana(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(copy, 'bin', 'busana.js'), ...args], { cwd: folder });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** Bundles made of the copy, which stands in their paths. */
async function bundles(): Promise<string[]> {
  const found: string[] = [];
  for (const name of await readdir(cache).catch(() => [])) {
    const entry = join(cache, name, 'main.js');
    if ((await readFile(entry, 'utf8').catch(() => '')).includes(folder)) found.push(entry);
  }
  return found;
}

async function changeSource(file: string, change: (text: string) => string): Promise<void> {
  const path = join(copy, 'src', file);
  await writeFile(path, change(await readFile(path, 'utf8')));
}

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'busana-start-')));
  copy = join(folder, 'packages', 'cli');
  await mkdir(copy, { recursive: true });
  for (const part of ['bin', 'src', 'package.json']) {
    await cp(fileURLToPath(new URL(`../${part}`, import.meta.url)), join(copy, part), { recursive: true });
  }
  await symlink(modules, join(folder, 'node_modules'));
}, 120_000);
afterAll(async () => {
  for (const entry of await bundles()) await rm(join(entry, '..'), { recursive: true });
  await rm(folder, { recursive: true, force: true });
});

describe('starting', () => {
  it('bundles the sources once, and the next runs take the bundle', async () => {
    expect((await busana('--version')).stdout).toBe('0.1.0\n');
    const [entry, ...others] = await bundles();
    expect(others).toEqual([]);
    const made = (await stat(entry!)).mtimeMs;
    expect((await busana('--version')).stdout).toBe('0.1.0\n');
    expect(await bundles()).toEqual([entry]);
    expect((await stat(entry!)).mtimeMs).toBe(made);
    // What runs in threads and processes of their own is part of it, and found there.
    const parts = await readdir(dirname(entry!));
    expect(parts).toEqual(expect.arrayContaining(['augment-worker.js', 'model-worker.js', 'task-worker.js']));
    const chunks = await Promise.all(parts.filter((name) => name.endsWith('.js')).map((name) => readFile(join(dirname(entry!), name), 'utf8'))); // prettier-ignore
    expect(chunks.join('\n')).toContain(JSON.stringify(`${pathToFileURL(dirname(entry!)).href}/`));
    const bundle = await readFile(entry!);
    await writeFile(entry!, `${bundle.toString()}\nprocess.stderr.write('from the bundle');\n`);
    expect((await busana('--version')).stderr).toBe('from the bundle');
    await writeFile(entry!, bundle);
  });

  it('never runs a bundle older than a source', async () => {
    await changeSource('main.ts', (text) => text.replace('Photos of fashion products', 'Changed just now: photos'));
    expect((await busana('--help')).stdout).toContain('Changed just now: photos');
    expect(await bundles()).toHaveLength(2);
  });

  it('names a source with a mistake, and the line', async () => {
    await changeSource('duration.ts', (text) => `${text}\nconst mistake = = 1;\n`);
    const { code, stderr } = await busana('--help');
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/duration\.ts:\d+/);
    await changeSource('duration.ts', (text) => text.replace('\nconst mistake = = 1;\n', ''));
    expect((await busana('--help')).code).toBe(0);
  });

  it('starts several at once from nothing', async () => {
    await changeSource('main.ts', (text) => text.replace('Changed just now', 'Changed again'));
    const before = (await bundles()).length;
    const outcomes = await Promise.all(Array.from({ length: 4 }, () => busana('--help')));
    for (const { code, stdout } of outcomes) {
      expect(code).toBe(0);
      expect(stdout).toContain('Changed again: photos');
    }
    expect(await bundles()).toHaveLength(before + 1);
  });

  it('names the lines of the sources with --debug', async () => {
    const { stderr } = await busana('analyze', '--data', 'nowhere', '--debug');
    expect(stderr).toMatch(/packages\/cli\/src\/commands\/analyze\.ts:\d+/);
  });
});
