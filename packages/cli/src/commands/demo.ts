import type { Command } from 'commander';
import { withCommonFlags, type CommandContext } from '../command.ts';
import { threadsOption, withThreadsFlag, type ThreadsFlag } from '../engine-flags.ts';
import { runReporter } from '../run-reporter.ts';

interface DemoFlags extends ThreadsFlag {
  readonly out: string;
  readonly photos: number;
  readonly epochs: number;
  readonly seed: number;
}

export function demoCommand(program: Command, { output, signal }: CommandContext): void {
  const command = program
    .command('demo')
    .description('the whole way without any data of your own: draw a wardrobe, train, evaluate, predict, report')
    .option('--out <folder>', 'where the wardrobe and the run are written', 'runs')
    .option('--photos <count>', 'photos to draw', Number, 700)
    .option('--epochs <count>', 'epochs to train', Number, 10)
    .option('--seed <number>', 'seed of the drawings and of the training', Number, 0);
  withCommonFlags(withThreadsFlag(command), 'busana demo --photos 300').action(
    async ({ threads, ...flags }: DemoFlags) => {
      const { demo } = await import('@busana/vision');
      const result = await demo({
        ...flags,
        ...threadsOption(threads === undefined ? {} : { threads }),
        emit: runReporter(output),
        onDraw: (done, total) => output.progress('drawing', done, total),
        signal,
      });
      for (const line of result.summary) output.line(line);
      output.result({ run: result.folder, metrics: result.metrics });
    },
  );
}
