import type { Command } from 'commander';
import { dataOptions, withCommonFlags, withDataFlags, type CommandContext, type DataFlags } from '../command.ts';
import { runReporter } from '../run-reporter.ts';
import { readTraining, withTrainingFlags, type TrainingFlags } from '../training-flags.ts';

interface TrainFlags extends DataFlags, TrainingFlags {
  readonly approach?: string;
  readonly valData?: string;
  readonly valImages?: string;
}

export function trainCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('train')
    .description('train a model on labelled photos and write a run folder')
    .option('--approach <name>', 'multi-output, separate or combined')
    .option('--val-data <path>', 'validate on these labelled photos instead of a part of --data')
    .option('--val-images <path>', 'folder or zip of their photos, when --val-data is a CSV file');
  withCommonFlags(
    withTrainingFlags(withDataFlags(command)),
    'busana train --data photos --epochs 20 --name first',
  ).action(async (flags: TrainFlags) => {
    const { train } = await import('@busana/vision');
    const { config, run } = await readTraining(flags);
    const result = await train({
      data: dataOptions(flags),
      config,
      ...run,
      ...(flags.valData !== undefined && {
        validationData: {
          source: flags.valData,
          ...(flags.valImages !== undefined && { images: flags.valImages }),
        },
      }),
      emit: runReporter(context.output),
      signal: context.signal,
    });
    for (const line of result.summary) context.output.line(line);
    context.output.result({ run: result.folder, metrics: result.metrics });
  });
}
