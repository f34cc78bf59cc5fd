/**
 * @file 100,000 photos, or as many as BUSANA_TEST_PHOTOS says: predicted in constant memory, killed half-way, resumed
 * without a row missing or twice.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { link, mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { drawWardrobe } from '@busana/vision';

const binary = fileURLToPath(new URL('../bin/busana.js', import.meta.url));
const PHOTOS = Number(process.env['BUSANA_TEST_PHOTOS'] ?? 100_000);
/** Different pictures; the photos are links to them. */
const PICTURES = 500;
const LIMIT_MIB = 600;
let folder: string;

interface Outcome {
  readonly code: number | null;
  readonly output: string;
  /** Peak resident memory as the system counts it, decoders included; 0 where the system does not say. */
  readonly peakMib: number;
}

/** @param killWhen asked many times a second whether to end the process now */
async function busana(args: readonly string[], killWhen?: () => Promise<boolean>): Promise<Outcome> {
  const child = spawn(process.execPath, [binary, ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  let [running, peakMib] = [true, 0];
  const ended = once(child, 'close').finally(() => (running = false));
  while (running) {
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
    peakMib = Math.max(peakMib, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
    if ((await killWhen?.()) === true) child.kill('SIGKILL');
    await Promise.race([ended, setTimeout(20)]);
  }
  const [code] = (await ended) as [number | null];
  return { code, output, peakMib };
}

/** Cells of the rows without the header; the names here need no quotes. */
async function rowsOf(file: string): Promise<string[][]> {
  const lines = (await readFile(join(folder, file), 'utf8')).trimEnd().split('\n');
  return lines.slice(1).map((line) => line.split(','));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'busana-100000-'));
  await drawWardrobe(join(folder, 'drawn'), { count: PICTURES, test: 0, seed: 0, size: 64 });
  const fast = ['--image-size', '64', '--batch', '20', '--epochs', '1', '--val', '0'];
  expect((await busana(['train', '--data', 'drawn', '--name', 'tiny', ...fast])).code).toBe(0);
  await mkdir(join(folder, 'photos'));
  const drawn = await readdir(join(folder, 'drawn', 'train'));
  for (let index = 0; index < PHOTOS; index += 1) {
    const picture = drawn[index % PICTURES]!;
    await link(join(folder, 'drawn', 'train', picture), join(folder, 'photos', `${index}-${picture}`));
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it(`predicts ${PHOTOS} photos in constant memory, killed half-way and resumed, each once`, async () => {
  expect((await busana(['predict', 'runs/tiny', 'drawn/train', '--out', 'pictures.csv'])).code).toBe(0);
  const codes = new Map((await rowsOf('pictures.csv')).map(([name, jenis]) => [name!.split('/').at(-1), jenis]));
  expect(codes.size).toBe(PICTURES);
  const half = ((await stat(join(folder, 'pictures.csv'))).size / PICTURES) * (PHOTOS / 2);

  const predict = ['predict', 'runs/tiny', 'photos', '--out', 'all.csv'];
  const written = async (): Promise<number> =>
    (await stat(join(folder, 'all.csv.partial')).catch(() => undefined))?.size ?? 0;
  const killed = await busana(predict, async () => (await written()) > half);
  expect(killed.code).toBeNull();
  const kept = await written();
  expect(kept).toBeGreaterThan(half);
  expect((await readdir(folder)).includes('all.csv')).toBe(false);

  const resumed = await busana([...predict, '--resume']);
  expect(resumed.code).toBe(0);
  const rows = await rowsOf('all.csv');
  const names = rows.map(([name]) => name!);
  expect(names.map((name) => Number(/photos\/(\d+)-/.exec(name)?.[1]))).toEqual([...names.keys()]);
  expect(names).toHaveLength(PHOTOS);
  const wrong = rows.filter(([name, jenis]) => codes.get(name!.split('-').at(-1)) !== jenis);
  expect(wrong).toEqual([]);
  expect(Number(/(\d+) of them by an earlier run/.exec(resumed.output)?.[1])).toBeGreaterThan(PHOTOS / 4);

  const peaks = [killed.peakMib, resumed.peakMib].map(Math.round);
  process.stdout.write(`peak memory of ${PHOTOS} photos: ${peaks.join(' MiB until the kill, ')} MiB after it\n`);
  for (const peak of peaks) expect(peak).toBeLessThan(LIMIT_MIB);
});
