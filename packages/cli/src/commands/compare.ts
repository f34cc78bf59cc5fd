import type { Command } from 'commander';
import { dataOptions, withCommonFlags, withDataFlags, type CommandContext, type DataFlags } from '../command.ts';
import { runReporter } from '../run-reporter.ts';
import { readTraining, withTrainingFlags, type TrainingFlags } from '../training-flags.ts';

interface CompareFlags extends DataFlags, TrainingFlags {
  readonly approaches?: string;
  readonly models?: string;
}

const list = (text: string): string[] => text.split(',').map((name) => name.trim());

export function compareCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('compare')
    .description('train several approaches or architectures on the same folds and say which is best')
    .option('--approaches <names>', 'separated by commas (default: all three, or --approach with several --models)')
    .option(
      '--models <names>',
      'architectures, separated by commas (default: --model); --weights then takes a file for each',
    );
  withCommonFlags(
    withTrainingFlags(withDataFlags(command)),
    'busana compare --data photos --folds 5 --epochs 5',
  ).action(async (flags: CompareFlags) => {
    const { compare } = await import('@busana/vision');
    const { config, run } = await readTraining({ ...flags, folds: flags.folds ?? '5' });
    const result = await compare({
      data: dataOptions(flags),
      config,
      ...(flags.approaches !== undefined && { approaches: list(flags.approaches) }),
      models: flags.models === undefined ? [config.model] : list(flags.models),
      ...run,
      emit: runReporter(context.output),
      signal: context.signal,
    });
    context.output.line();
    context.output.table(result.table.header, result.table.rows);
    context.output.line();
    context.output.line(result.verdict.sentence);
    for (const line of result.summary) context.output.line(line);
    context.output.result({ run: result.folder, arms: result.arms, verdict: result.verdict });
  });
}
