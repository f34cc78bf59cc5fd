import type { Command } from 'commander';
import { dataOptions, withCommonFlags, withDataFlags, type CommandContext, type DataFlags } from '../command.ts';
import { threadsOption, withThreadsFlag, type ThreadsFlag } from '../engine-flags.ts';

interface AnalyzeFlags extends DataFlags, ThreadsFlag {
  readonly alpha: number;
  readonly out?: string;
  readonly cache?: string;
}

export function analyzeCommand(program: Command, { output }: CommandContext): void {
  const command = program
    .command('analyze')
    .description('look at a data set: counts, independence of attributes, pictures, duplicates')
    .option('--alpha <level>', 'significance level of the tests', Number, 0.05)
    .option('--cache <folder>', 'where what is known of photos is kept (default: the cache folder of the user)')
    .option('--out <folder>', 'write a report with plots there');
  withCommonFlags(withThreadsFlag(withDataFlags(command)), 'busana analyze --data photos --out analysis').action(
    async (flags: AnalyzeFlags) => {
      const { analysisLines, analyzeDataset, cacheFolder, limitDecoding, openDataset, writeAnalysis } =
        await import('@busana/vision');
      limitDecoding(threadsOption(flags).threads ?? 0);
      const dataset = await openDataset({ ...dataOptions(flags), verifyImages: false });
      const { cache = cacheFolder() } = flags;
      const analysis = await analyzeDataset(dataset, { alpha: flags.alpha, files: true, cache });
      for (const line of analysisLines(analysis)) output.line(line);
      if (flags.out !== undefined) {
        output.line(`report: ${await writeAnalysis(flags.out, analysis)}/report.html`);
      }
      output.result(analysis);
    },
  );
}
