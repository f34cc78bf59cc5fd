/**
 * @file `npm run bench [-- FILTER …] [--python PATH] [--out FOLDER]`: ours beside PyTorch in its two layouts and, for
 * predictions, OpenVINO, each in a process of its own, alternating, best and median of several.
 */
import { exportArchitecture } from '@busana/vision';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cases, isMeant, nameOf, type Case } from './cases.ts';
import { readArguments, refuse } from './command-line.ts';
import { header, rowOf, writeResults, type Measured, type Outcome } from './results.ts';
import { Side } from './side.ts';
import { alternate } from './timing.ts';

const LAYOUTS = ['default', 'channels_last'] as const;
const at = (file: string): string => join(import.meta.dirname, file);

const help = `
npm run bench -- [FILTER …] [--python PATH] [--out FOLDER]

Training step and prediction at 224 px: seconds per photo, GFLOP/s, peak memory, seconds until ready. Beside PyTorch in both
of its layouts and, for predictions, OpenVINO where the Python has them (torch, timm; openvino): in turn, each in a process
of its own. Ratios below 1: ours is faster, or needs less memory.

  FILTER          words that a case must have, parts of words will do: train, predict, a network, a batch size, an optimizer
  --python PATH   Python with the other libraries (default: python3); without them ours is measured alone
  --out FOLDER    writes DATE-bench.json and DATE-bench.md there

Cases:
${[...new Set(cases.map(({ model }) => model))].map((model) => `  ${describeCases(model)}`).join('\n')}

Example: npm run bench -- 'train resnet50' sgd --python .venv/bin/python --out results
`;

/** `resnet50: train 16 sgd, train 16 adamw, predict 1, …` */
function describeCases(model: string): string {
  const own = cases.filter((one) => one.model === model);
  return `${model}: ${own.map((one) => nameOf(one).replace(`${model} `, '')).join(', ')}`;
}

async function main(): Promise<void> {
  const { values, positionals } = readArguments(
    { options: { python: { type: 'string', default: 'python3' }, out: { type: 'string' } }, allowPositionals: true },
    help,
  );
  if (!cases.some((one) => isMeant(one, positionals))) refuse(`no case has all of: ${positionals.join(' ')}`);
  const folder = await mkdtemp(join(tmpdir(), 'busana-bench-'));
  const outcomes: Outcome[] = [];
  say(header.join('\t'));
  try {
    for (const wanted of cases) {
      if (!isMeant(wanted, positionals)) continue;
      const outcome = await measure(wanted, values.python, folder);
      outcomes.push(outcome);
      say(rowOf(outcome).join('\t'));
    }
    if (values.out !== undefined) for (const file of await writeResults(values.out, outcomes)) say(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Ours against one other at a time: two that are at work at once would share the cache. */
async function measure(wanted: Case, python: string, folder: string): Promise<Outcome> {
  const work = [wanted.model, String(wanted.batch), wanted.optimizer];
  const args = [wanted.kind, ...work];
  const ours = () => Side.ours(wanted.kind, work);
  const others: (() => Promise<Side | string>)[] = LAYOUTS.map(
    (layout) => () => Side.start(python, [at('torch_side.py'), ...args, layout]),
  );
  if (wanted.kind === 'predict') {
    others.push(async () =>
      Side.start(python, [at('openvino_side.py'), await exported(wanted.model, folder), args[2]!]),
    );
  }
  const measured: { ours: Measured[]; others: Measured[] } = { ours: [], others: [] };
  for (const start of others) {
    const [own, other] = [await ours(), await start()];
    if (typeof own === 'string') throw new Error(`our side of '${nameOf(wanted)}' did not start: ${own}`);
    if (typeof other === 'string') process.stderr.write(`${nameOf(wanted)}: not measured beside another: ${other}\n`);
    const sides = typeof other === 'string' ? [own] : [own, other];
    const timings = await alternate(sides);
    for (const [index, side] of sides.entries()) {
      const list = index === 0 ? measured.ours : measured.others;
      list.push({ ...side.ready, ...timings[index]!, peak: await side.stop() });
    }
  }
  return { case: wanted, ...measured };
}

async function exported(model: string, folder: string): Promise<string> {
  const out = join(folder, `${model}.onnx`);
  await exportArchitecture({ model, head: 'none', imageSize: 224, out });
  return out;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

await main();
