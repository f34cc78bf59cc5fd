/** @file `npm run bench [-- filter] [--python PATH]`: ours and PyTorch, alternating, best and median of several. */
import { cpus } from 'node:os';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { prediction, trainingStep, type Contender } from './ours.ts';
import { PyTorch } from './pytorch.ts';

/** The arena of the runtime grows in the first runs. */
const WARM_UP = 3;
const RUNS = 7;
const LAYOUTS = ['default', 'channels_last'] as const;

const cases = [
  { kind: 'train', model: 'cnn', batch: 32 },
  { kind: 'predict', model: 'cnn', batch: 1 },
  { kind: 'predict', model: 'cnn', batch: 32 },
  { kind: 'train', model: 'resnet50', batch: 16 },
  { kind: 'predict', model: 'resnet50', batch: 1 },
  { kind: 'predict', model: 'resnet50', batch: 16 },
] as const;

interface Timing {
  readonly best: number;
  readonly median: number;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { python: { type: 'string', default: 'python3' } },
    allowPositionals: true,
  });
  const torch = await PyTorch.start(values.python);
  const beside =
    torch === undefined ? 'PyTorch not found (name an interpreter with --python)' : `PyTorch ${torch.version}`;
  say(
    `${cpus()[0]?.model.trim()}, ${cpus().length} cores, node ${process.version}; ${beside}; ${RUNS} runs after ${WARM_UP}`,
  );
  say(['case', 'ours images/s', 's/image', 'median', 'PyTorch best s/image', 'ratio'].join('\t'));
  for (const { kind, model, batch } of cases) {
    const name = `${kind} ${model} ${batch}`;
    if (!positionals.every((filter) => name.includes(filter))) continue;
    const contender = await (kind === 'train' ? trainingStep : prediction)(model, batch);
    const { ours, theirs } = await alternate(contender, torch, name);
    await contender.release();
    const cells = [
      name,
      (batch / ours.best).toFixed(1),
      (ours.best / batch).toFixed(4),
      (ours.median / batch).toFixed(4),
    ];
    const other = theirs === undefined ? [] : [(theirs.best / batch).toFixed(4), (ours.best / theirs.best).toFixed(2)];
    say([...cells, ...other].join('\t'));
  }
  torch?.stop();
}

/** One run of each side in turn, so that a machine that slows down slows both. */
async function alternate(
  contender: Contender,
  torch: PyTorch | undefined,
  name: string,
): Promise<{ ours: Timing; theirs: Timing | undefined }> {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (const layout of LAYOUTS) {
    const times: number[] = [];
    for (let run = 0; run < WARM_UP + RUNS; run += 1) {
      const started = performance.now();
      await contender.run();
      const seconds = (performance.now() - started) / 1000;
      const other = await torch?.seconds(`${name} ${layout}`);
      if (run < WARM_UP) continue;
      ours.push(seconds);
      if (other !== undefined) times.push(other);
    }
    if (times.length > 0 && (theirs.length === 0 || Math.min(...times) < Math.min(...theirs)))
      theirs.splice(0, theirs.length, ...times);
  }
  return { ours: summary(ours), theirs: theirs.length === 0 ? undefined : summary(theirs) };
}

function summary(seconds: readonly number[]): Timing {
  const sorted = [...seconds].sort((a, b) => a - b);
  return { best: sorted[0]!, median: sorted[sorted.length >> 1]! };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

await main();
