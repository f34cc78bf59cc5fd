/**
 * @file `npm run bench:cost [-- MODEL …]`: what a photo costs, in seconds, by its size, the batch and the threads: a training
 * step (SGD with momentum) and a prediction, each in a process of its own. By default EfficientNet-Lite0 and ResNet-50.
 */
import { cpus } from 'node:os';
import { Side } from './side.ts';
import { alternate } from './timing.ts';

const SIZES = [128, 224, 320];
const BATCHES = [1, 4, 16, 64];
const THREADS = [1, 2];

const given = process.argv.slice(2);
const models = given.length > 0 ? given : ['efficientnet_lite0', 'resnet50'];

interface Cost {
  /** Best of several, seconds. */
  readonly secondsPerPhoto: number;
  readonly peakMib: number;
}

async function costOf(kind: 'train' | 'predict', work: readonly (string | number)[]): Promise<Cost> {
  const side = await Side.ours(kind, work.map(String));
  if (typeof side === 'string') throw new Error(`'${kind} ${work.join(' ')}' did not start: ${side}`);
  const [timing] = await alternate([side]);
  return { secondsPerPhoto: timing!.best / Number(work[1]), peakMib: (await side.stop()) / 2 ** 20 };
}

const say = (cells: readonly (string | number)[]): void => void process.stdout.write(`| ${cells.join(' | ')} |\n`);

for (const model of models) {
  for (const kind of ['train', 'predict'] as const) {
    const optimizer = kind === 'train' ? 'sgd' : 'none';
    process.stdout.write(
      `\n${model}, ${kind}: ms per photo (MiB); ${cpus()[0]?.model ?? ''}, node ${process.version}\n\n`,
    );
    const columns = SIZES.flatMap((size) => THREADS.map((threads) => ({ size, threads })));
    say(['batch', ...columns.map(({ size, threads }) => `${size} px, ${threads} thread${threads > 1 ? 's' : ''}`)]);
    say(['---', ...columns.map(() => '---')]);
    for (const batch of BATCHES) {
      const cells: string[] = [];
      for (const { size, threads } of columns) {
        const { secondsPerPhoto, peakMib } = await costOf(kind, [model, batch, optimizer, size, threads]);
        cells.push(`${(1000 * secondsPerPhoto).toPrecision(3)} (${peakMib.toFixed(0)})`);
      }
      say([batch, ...cells]);
    }
  }
}
