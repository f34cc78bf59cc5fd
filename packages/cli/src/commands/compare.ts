import { BusanaError, type Verdict } from '@busana/contracts';
import type { Command } from 'commander';
import {
  dataOptions,
  expectData,
  withCommonFlags,
  withOptionalDataFlags,
  type CommandContext,
  type DataFlags,
} from '../command.ts';
import { runReporter } from '../run-reporter.ts';
import { readTraining, withTrainingFlags, type TrainingFlags } from '../training-flags.ts';

interface CompareFlags extends Partial<DataFlags>, TrainingFlags {
  readonly approaches?: string;
  readonly models?: string;
}

const list = (text: string): string[] => text.split(',').map((name) => name.trim());

export function compareCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('compare')
    .description(
      'train several approaches or architectures on the same folds and say which is best; or compare finished runs',
    )
    .argument('[runs...]', 'finished run folders to compare on the photos they held back, instead of training')
    .option('--approaches <names>', 'separated by commas (default: all three, or --approach with several --models)')
    .option(
      '--models <names>',
      'architectures, separated by commas (default: --model); --weights then takes a file for each',
    );
  withCommonFlags(
    withTrainingFlags(withOptionalDataFlags(command)),
    'busana compare --data photos --folds 5 --epochs 5\n  busana compare runs/first runs/second',
  ).action((runs: string[], flags: CompareFlags) =>
    runs.length > 0 ? compareFinished(runs, flags, context) : trainAndCompare(flags, context),
  );
}

async function trainAndCompare(flags: CompareFlags, { output, signal }: CommandContext): Promise<void> {
  const data = dataOptions(expectData(flags, 'Give --data, or the folders of finished runs.'));
  const { compare } = await import('@busana/vision');
  const { config, run } = await readTraining({ ...flags, folds: flags.folds ?? '5' });
  const result = await compare({
    data,
    config,
    ...(flags.approaches !== undefined && { approaches: list(flags.approaches) }),
    models: flags.models === undefined ? [config.model] : list(flags.models),
    ...run,
    emit: runReporter(output),
    signal,
  });
  tell(result, output);
  output.result({ run: result.folder, arms: result.arms, verdict: result.verdict });
}

async function compareFinished(
  runs: readonly string[],
  flags: CompareFlags,
  { output }: CommandContext,
): Promise<void> {
  if (flags.data !== undefined) {
    throw new BusanaError('USAGE', 'finished runs are compared on what they held back, not on --data', {
      remedy: 'Leave out --data; busana evaluate measures models on other photos.',
    });
  }
  const { compareRuns } = await import('@busana/vision');
  const { project = 'runs', name } = flags;
  const result = await compareRuns({ runs, project, ...(name !== undefined && { name }) });
  tell(result, output);
  output.result({ run: result.folder, arms: result.arms, average: result.average.emr, verdict: result.verdict });
}

interface Told {
  readonly table: { readonly header: readonly string[]; readonly rows: readonly (readonly string[])[] };
  readonly verdict: Verdict;
  readonly summary: readonly string[];
}

function tell({ table, verdict, summary }: Told, output: CommandContext['output']): void {
  output.line();
  output.table(table.header, table.rows);
  output.line();
  output.line(verdict.sentence);
  for (const line of summary) output.line(line);
}
