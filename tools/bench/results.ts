/** @file What a benchmark found, as a row, a table and JSON. */
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { nameOf, type Case } from './cases.ts';
import type { Ready } from './side.ts';
import { RUNS, WARM_UP, type Timing } from './timing.ts';

/** A side after its runs. */
export interface Measured extends Ready, Timing {
  /** Most memory it held, bytes. */
  readonly peak: number;
}

export interface Outcome {
  readonly case: Case;
  /** Ours, once against each other side. */
  readonly ours: readonly Measured[];
  /** Those that were there: PyTorch's layouts, OpenVINO. */
  readonly others: readonly Measured[];
}

export const header = [
  'case',
  's/photo',
  'median',
  'GFLOP/s',
  'MiB',
  'start s',
  'PyTorch s/photo',
  'ratio',
  'memory ratio',
  'OpenVINO s/photo',
  'ratio',
];

/** Our best against the best of each other side; ratios below 1 mean that we are faster, or need less memory. */
export function rowOf({ case: wanted, ours, others }: Outcome): string[] {
  const own = fastest(ours)!;
  const torch = fastest(others.filter(({ version }) => version.startsWith('PyTorch')));
  const openvino = fastest(others.filter(({ version }) => version.startsWith('OpenVINO')));
  const { batch, kind } = wanted;
  // A forward pass and two of its size back: the count that published figures use.
  const operations = 2 * (own.macs ?? 0) * batch * (kind === 'train' ? 3 : 1);
  const perPhoto = (seconds: number | undefined) => (seconds === undefined ? '' : (seconds / batch).toFixed(4));
  const ratio = (part: number, whole: number | undefined) => (whole === undefined ? '' : (part / whole).toFixed(2));
  return [
    nameOf(wanted),
    perPhoto(own.best),
    perPhoto(own.median),
    (operations / own.best / 1e9).toFixed(0),
    (own.peak / 2 ** 20).toFixed(0),
    own.created.toFixed(2),
    perPhoto(torch?.best),
    ratio(own.best, torch?.best),
    ratio(own.peak, torch?.peak),
    perPhoto(openvino?.best),
    ratio(own.best, openvino?.best),
  ];
}

/** Writes `<date>-bench.json` and `.md`. @returns their paths */
export async function writeResults(folder: string, outcomes: readonly Outcome[]): Promise<string[]> {
  const date = new Date().toISOString().slice(0, 10);
  const versions = [
    ...new Set(outcomes.flatMap(({ ours, others }) => [...ours, ...others].map((side) => side.version))),
  ];
  const machine = { processor: cpus()[0]?.model.trim() ?? 'unknown', cores: cpus().length, node: process.version };
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const text = [
    '# Training step and prediction',
    '',
    `\`npm run bench\`, ${date}, ${machine.processor}, ${machine.cores} cores, Node ${machine.node}, ${versions.join(', ')};`,
    `224 px, best of ${RUNS} runs after ${WARM_UP}, sides alternating in processes of their own, PyTorch in the better of`,
    'its two layouts. Ratios below 1: we are faster, or need less memory.',
    '',
    line(header),
    line(header.map(() => '---')),
    ...outcomes.map((outcome) => line(rowOf(outcome))),
    '',
  ].join('\n');
  await mkdir(folder, { recursive: true });
  const files = [
    [join(folder, `${date}-bench.json`), `${JSON.stringify({ date, machine, versions, outcomes }, null, 2)}\n`],
    [join(folder, `${date}-bench.md`), text],
  ] as const;
  for (const [file, content] of files) await writeFile(file, content);
  return files.map(([file]) => file);
}

function fastest(sides: readonly Measured[]): Measured | undefined {
  return sides.reduce<Measured | undefined>(
    (best, side) => (best === undefined || side.best < best.best ? side : best),
    undefined,
  );
}
