/** @file Predictions of many photos by the real binary, stopped in every way a run can be stopped. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawWardrobe } from '@busana/vision';

const binary = fileURLToPath(new URL('../bin/busana.js', import.meta.url));
const PHOTOS = 200;
/** Photos of 32 x 32 pixels that the model is asked at once. */
const BATCH = 64;
let folder: string;
let whole: string;

interface Running {
  readonly child: ChildProcessWithoutNullStreams;
  readonly ended: Promise<{ code: number | null; stdout: string; stderr: string }>;
}

function start(command: string, args: readonly string[]): Running {
  const child = spawn(command, args, { cwd: folder });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  // A list that nobody reads any more.
  child.stdin.on('error', () => undefined);
  return { child, ended: once(child, 'close').then(([code]) => ({ code: code as number | null, stdout, stderr })) };
}

function busana(...args: string[]) {
  const { child, ended } = start(process.execPath, [binary, ...args]);
  child.stdin.end();
  return ended;
}

const predict = (out: string, ...more: string[]) =>
  ['predict', 'runs/tiny', ...more, '--threads', '1', '--out', out] as const;

/** A run that has written the first batch and waits for the rest of its list. */
async function waiting(out: string): Promise<Running> {
  const running = start(process.execPath, [binary, ...predict(out, '-')]);
  const names = Array.from({ length: BATCH + 10 }, (_, index) => `photos/${index}.png\n`);
  running.child.stdin.write(names.join(''));
  while ((await sizeOf(`${out}.partial`)) < BATCH * 20) await setTimeout(20);
  return running;
}

async function sizeOf(name: string): Promise<number> {
  return (await stat(join(folder, name)).catch(() => undefined))?.size ?? 0;
}

/** The same run to its end, with the whole list. */
async function resume(out: string): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const { child, ended } = start(process.execPath, [binary, ...predict(out, '-'), '--resume']);
  child.stdin.end(Array.from({ length: PHOTOS }, (_, index) => `photos/${index}.png\n`).join(''));
  return ended;
}

const text = (name: string): Promise<string> => readFile(join(folder, name), 'utf8');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'busana-bulk-'));
  await drawWardrobe(join(folder, 'drawn'), { count: 20, test: 0, seed: 0, size: 48 });
  const fast = ['--image-size', '32', '--batch', '10', '--epochs', '1', '--val', '0', '--threads', '1'];
  await busana('train', '--data', 'drawn', '--name', 'tiny', ...fast);
  await mkdir(join(folder, 'photos'));
  const drawn = await readdir(join(folder, 'drawn', 'train'));
  for (let index = 0; index < PHOTOS; index += 1) {
    const target = join(folder, 'drawn', 'train', drawn[index % drawn.length]!);
    await symlink(target, join(folder, 'photos', `${index}.png`));
  }
  await busana(...predict('whole.csv', 'photos'));
  whole = await text('whole.csv');
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('busana predict of many photos', () => {
  it('has one row of every photo', () => {
    const names = whole.trim().split('\n').slice(1).map((line) => line.split(',')[0]); // prettier-ignore
    expect(names).toEqual(Array.from({ length: PHOTOS }, (_, index) => `photos/${index}.png`));
  });

  it('goes on after SIGKILL to what an uninterrupted run writes', async () => {
    const { child, ended } = await waiting('killed.csv');
    child.kill('SIGKILL');
    await ended;
    const { code, stdout } = await resume('killed.csv');
    expect(code).toBe(0);
    expect(stdout).toBe(
      `${BATCH} photos are done already\n${PHOTOS} photos, ${BATCH} of them by an earlier run, written to killed.csv\n`,
    );
    expect(await text('killed.csv')).toBe(whole);
    expect(await sizeOf('killed.csv.partial.json')).toBe(0);
  });

  it('stops at Ctrl-C, even while it waits for a list, and says how to go on', async () => {
    const { child, ended } = await waiting('stopped.csv');
    child.kill('SIGINT');
    const { code, stderr } = await ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error INTERRUPTED: stopped after \d+ photos\n.*--resume/m);
    expect((await resume('stopped.csv')).code).toBe(0);
    expect(await text('stopped.csv')).toBe(whole);
  });

  it('keeps what a full disk has taken', async () => {
    // A limit on the size of files makes a write short and the next one fail, as a full disk does.
    const limited = `trap '' XFSZ; ulimit -f 16; exec "$@"`;
    const args = ['-c', limited, 'sh', process.execPath, binary, ...predict('full.csv', 'photos')];
    const { child, ended } = start('sh', args);
    child.stdin.end();
    const { code, stderr } = await ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error OUTPUT_UNWRITABLE: cannot write full\.csv: .*\n.*--resume/m);
    expect(whole.startsWith(await text('full.csv.partial'))).toBe(true);
    expect((await busana(...predict('full.csv', 'photos'), '--resume')).code).toBe(0);
    expect(await text('full.csv')).toBe(whole);
  });

  it('refuses other photos with exit 2 and a remedy', async () => {
    const { child, ended } = await waiting('other.csv');
    child.kill('SIGKILL');
    await ended;
    const { code, stderr } = await busana(...predict('other.csv', 'photos'), '--resume');
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error RESUME_IMPOSSIBLE: other\.csv\.partial .*other sources\n.*without --resume/m);
    const over = await busana(...predict('other.csv', 'photos'));
    expect(over.stdout).toContain('starts over, --resume would have gone on');
    expect(await text('other.csv')).toBe(whole);
  });
});
