/**
 * @file `npm run bench [-- FILTER …] [--python PATH] [--out FOLDER]`: ours beside PyTorch in its two layouts and, for
 * predictions, OpenVINO, each in a process of its own, alternating, best and median of several.
 */
import { exportArchitecture } from '@busana/vision';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cases, isMeant, nameOf, type Case } from './cases.ts';
import { header, rowOf, writeResults, type Measured, type Outcome } from './results.ts';
import { Side } from './side.ts';
import { alternate } from './timing.ts';

const LAYOUTS = ['default', 'channels_last'] as const;
const at = (file: string): string => join(import.meta.dirname, file);

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { python: { type: 'string', default: 'python3' }, out: { type: 'string' } },
    allowPositionals: true,
  });
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
  const args = [wanted.kind, wanted.model, String(wanted.batch), wanted.optimizer];
  const ours = () => Side.start(process.execPath, ['--import', 'tsx', at('worker.ts'), ...args]);
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
