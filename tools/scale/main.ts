/**
 * @file `npm run bench:scale [-- COUNT… --model cnn --image-size 32 --weights FILE]`: what analysis and training take per
 * photo, and how much memory, as photos become more. By default 777, 8,000 and 80,000 drawn photos; one epoch of the small
 * network at 32 pixels with an empty cache, and what a second run does before its first step. With weights it is a
 * fine-tuning, and the analysis, which they do not change, is left out. Photos are drawn once and linked.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { link, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readArguments, refuse } from '../bench/command-line.ts';
import { drawPhotos, writeTable } from './draw.ts';

const binary = fileURLToPath(new URL('../../packages/cli/bin/busana.js', import.meta.url));
const help = `
npm run bench:scale -- [COUNT …] [--model NAME] [--image-size PIXELS] [--weights FILE]

What analysis and training take per photo, and how much memory, as photos become more: one epoch on photos that are drawn
for it. Needs Linux.

  COUNT                 numbers of photos (default: 777 8000 80000)
  --model NAME          network (default: cnn)
  --image-size PIXELS   side of the input (default: 32)
  --weights FILE        pretrained weights; analysis is left out

Example: npm run bench:scale -- 777 8000 --model efficientnet_lite0 --image-size 96
`;
const { values, positionals } = readArguments(
  {
    options: {
      model: { type: 'string', default: 'cnn' },
      'image-size': { type: 'string', default: '32' },
      weights: { type: 'string' },
    },
    allowPositionals: true,
  },
  help,
);
const counts = positionals.length > 0 ? positionals.map(Number) : [777, 8_000, 80_000];
if (!counts.every((count) => Number.isInteger(count) && count > 0)) refuse('numbers of photos are whole and above 0');
const settings = [
  ...['--model', values.model, '--image-size', values['image-size'], '--batch', '32'],
  ...['--epochs', '1', '--val', '0.1', '--augment', 'light'],
  ...(values.weights === undefined ? [] : ['--weights', resolve(values.weights)]),
];
const commands = [...(values.weights === undefined ? ['analyze'] : []), 'train', 'train again, dry run'];

interface Outcome {
  readonly seconds: number;
  /** Processor time of all threads, in seconds: what others do on the machine hardly changes it. */
  readonly processor: number;
  /** Peak resident memory as Linux counts it. */
  readonly peakMib: number;
}

async function busana(folder: string, args: readonly string[]): Promise<Outcome> {
  const start = performance.now();
  const child = spawn(process.execPath, [binary, ...args], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, XDG_CACHE_HOME: join(folder, 'cache') },
  });
  let [running, peakMib, processor] = [true, 0, 0];
  const ended = once(child, 'close').finally(() => (running = false));
  while (running) {
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
    peakMib = Math.max(peakMib, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
    processor = processorSeconds(await readFile(`/proc/${child.pid}/stat`, 'utf8').catch(() => '')) ?? processor;
    await Promise.race([ended, setTimeout(50)]);
  }
  const [code] = (await ended) as [number | null];
  if (code !== 0) throw new Error(`busana ${args.join(' ')} ended with ${code}`);
  return { seconds: (performance.now() - start) / 1000, processor, peakMib };
}

/** Fields 14 and 15, counted from behind the name, which is the second and may hold anything; in hundredths of a second (proc_pid_stat(5)). */
function processorSeconds(stat: string): number | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.length < 13 ? undefined : (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Seconds of the only epoch, as the run itself counts them. */
async function epochOf(run: string): Promise<number> {
  const [header, row] = (await readFile(join(run, 'results.csv'), 'utf8')).split('\n').map((line) => line.split(','));
  return Number(row![header!.indexOf('seconds')]);
}

const print = (text: string): void => void process.stdout.write(`${text}\n`);
const root = await mkdtemp(join(tmpdir(), 'busana-scale-'));
try {
  const photos = join(root, 'photos');
  await drawPhotos(photos, Math.max(...counts));
  print(`${cpus()[0]?.model ?? ''}, ${availableParallelism()} cores, node ${process.version}; ${settings.join(' ')}`);
  print('| photos | command | seconds | of them the epoch | ms per photo | in the epoch | of processor | peak MiB |');
  print('| --- | --- | --- | --- | --- | --- | --- | --- |');
  for (const count of counts) {
    const folder = join(root, String(count));
    await mkdir(join(folder, 'data', 'train'), { recursive: true });
    for (let id = 1; id <= count; id += 1) {
      await link(join(photos, `${id}.jpg`), join(folder, 'data', 'train', `${id}.jpg`));
    }
    await writeTable(join(folder, 'data'), count);
    for (const name of commands) {
      const dry = name.includes('dry') ? ['--dry-run'] : [];
      const args =
        name === 'analyze'
          ? ['analyze', '--quick', '--data', 'data', '--out', 'analysis']
          : ['train', '--data', 'data', '--name', 'run', ...settings, ...dry];
      const { seconds, processor, peakMib } = await busana(folder, [...args, '--quiet']);
      const epoch = name === 'train' ? await epochOf(join(folder, 'runs', 'run')) : undefined;
      const cells = [
        count,
        name,
        seconds.toFixed(1),
        epoch?.toFixed(1) ?? '',
        ((1000 * seconds) / count).toFixed(2),
        epoch === undefined ? '' : ((1000 * epoch) / count).toFixed(2),
        ((1000 * processor) / count).toFixed(2),
        peakMib.toFixed(0),
      ];
      print(`| ${cells.join(' | ')} |`);
    }
    await rm(folder, { recursive: true, force: true });
  }
} finally {
  await rm(root, { recursive: true, force: true });
}
