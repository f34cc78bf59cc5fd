/**
 * @file `npm run bench:finetune -- --data FOLDER --weights FILE --out FOLDER [--python PATH] [--epochs 15]`: a whole
 * fine-tuning of EfficientNet-Lite0, ours and PyTorch's one after the other, each from the start of its process to its
 * finished folder.
 */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { readArguments, refuse } from '../command-line.ts';
import { runOurs, runTorch, type OurSide, type Side, type Work } from './sides.ts';

const help = `
npm run bench:finetune -- --data FOLDER --weights FILE --out FOLDER [--python PATH] [--epochs 15]

A whole fine-tuning of EfficientNet-Lite0 at 224 px, batch 32: ours and PyTorch's one after the other, each from the start
of its process to its finished folder. Takes some 20 minutes on two cores.

  --data FOLDER     train.csv and the photos in train/
  --weights FILE    weights of EfficientNet-Lite0 as timm publishes them
  --out FOLDER      both results and finetune.json; must not exist yet
  --python PATH     Python with torch, torchvision and timm (default: python3)
  --epochs COUNT    passes over the photos (default: 15)

Example: npm run bench:finetune -- --data photos --weights efficientnet-lite0.pth --python .venv/bin/python --out compared
`;

async function main(): Promise<void> {
  const { values } = readArguments(
    {
      options: {
        data: { type: 'string' },
        weights: { type: 'string' },
        out: { type: 'string' },
        python: { type: 'string', default: 'python3' },
        epochs: { type: 'string', default: '15' },
      },
    },
    help,
  );
  const { data, weights, out, python } = values;
  if (data === undefined || weights === undefined || out === undefined) {
    refuse('give --data, --weights and --out; --python names a Python with torch, torchvision and timm');
  }
  // Made here and not before: a second run must not find the folder of the first.
  await mkdir(out);
  const work: Work = { data, weights, out, epochs: Number(values.epochs) };
  const ours = await runOurs(work);
  say(`${ours.version}: ${ours.seconds.toFixed(1)} s`);
  const torch = await runTorch(python, work, join(ours.folder, 'predictions.csv'));
  say(`${torch.version}: ${torch.seconds.toFixed(1)} s`, '', ...describe(work, ours, torch));
  const file = join(out, 'finetune.json');
  const machine = { processor: cpus()[0]?.model.trim() ?? 'unknown', cores: cpus().length, node: process.version };
  const result = { date: new Date().toISOString().slice(0, 10), machine, epochs: work.epochs, ours, torch };
  await writeFile(`${file}.tmp`, `${JSON.stringify(result, null, 2)}\n`);
  await rename(`${file}.tmp`, file);
  say('', file);
}

/** Ratios below 1: we are faster, or need less memory. */
function describe({ epochs }: Work, ours: OurSide, torch: Side): string[] {
  const mebibytes = ({ peak }: Side): string => (peak === undefined ? '' : (peak / 2 ** 20).toFixed(0));
  const { busy, compiling, seconds } = ours;
  const memory = ours.peak === undefined || torch.peak === undefined ? '' : (ours.peak / torch.peak).toFixed(2);
  const row = (name: string, side: Side): string =>
    [name, side.seconds.toFixed(1), mebibytes(side), side.emr.toFixed(4)].join('\t');
  return [
    `${epochs} epochs\tseconds\tMiB\tEMR`,
    row('busana', ours),
    row('PyTorch', torch),
    `ratio\t${(seconds / torch.seconds).toFixed(3)}\t${memory}`,
    `engine busy ${((busy / seconds) * 100).toFixed(1)} % of the time; sessions made in ${compiling.toFixed(1)} s`,
  ];
}

function say(...lines: readonly string[]): void {
  for (const line of lines) process.stdout.write(`${line}\n`);
}

await main();
