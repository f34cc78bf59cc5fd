import type { Command } from 'commander';
import { dataOptions, withCommonFlags, withDataFlags, type CommandContext, type DataFlags } from '../command.ts';
import type { Console } from '../console.ts';
import { threadsOption, withThreadsFlag, type ThreadsFlag } from '../engine-flags.ts';

interface AnalyzeFlags extends DataFlags, ThreadsFlag {
  readonly alpha: number;
  readonly model?: string;
  readonly weights?: string;
  readonly imageSize?: number;
  readonly quick?: boolean;
  readonly out?: string;
  readonly cache?: string;
}

export function analyzeCommand(program: Command, { output, signal }: CommandContext): void {
  const command = program
    .command('analyze')
    .description('look at a data set: counts, independence, pictures, duplicates, likely label errors, outliers')
    .option('--alpha <level>', 'significance level of the tests', Number, 0.05)
    .option('--weights <file>', 'backbone that judges labels and finds outliers (default: that of the shipped model)')
    .option('--model <name>', 'architecture of --weights (default: efficientnet_lite0)')
    .option('--image-size <pixels>', 'size that --weights are asked at (default: that of the architecture)', Number)
    .option('--quick', 'leave out what asks a network: label errors and outliers')
    .option('--cache <folder>', 'where what is known of photos is kept (default: the cache folder of the user)')
    .option('--out <folder>', 'write a report there, with plots and a CSV per kind of finding');
  withCommonFlags(withThreadsFlag(withDataFlags(command)), 'busana analyze --data photos --out analysis').action(
    async (flags: AnalyzeFlags) => {
      const { analysisLines, analyzeDataset, limitDecoding, openDataset, writeAnalysis } =
        await import('@busana/vision');
      const { alpha, quick = false, cache, out } = flags;
      const { threads = 0 } = threadsOption(flags);
      limitDecoding(threads);
      const dataset = await openDataset({ ...dataOptions(flags), verifyImages: false });
      const analysis = await analyzeDataset(dataset, {
        alpha,
        files: true,
        ...(!quick && { backbone: backboneOf(flags) }),
        ...(cache !== undefined && { cache }),
        threads,
        onProgress: stepProgress(output),
        signal,
      });
      for (const line of analysisLines(analysis)) output.line(line);
      if (out !== undefined) output.line(`report: ${await writeAnalysis(out, analysis, dataset)}/report.html`);
      output.result(analysis);
    },
  );
}

/** What flags say about the network, without those that are not there. */
function backboneOf({ model, weights, imageSize }: AnalyzeFlags) {
  return {
    ...(model !== undefined && { model }),
    ...(weights !== undefined && { weights }),
    ...(imageSize !== undefined && { imageSize }),
  };
}

/** A bar of its own for every step, so that what is left is estimated from that step alone. */
function stepProgress(output: Console): (step: string, done: number, total: number) => void {
  let current: string | undefined;
  return (step, done, total) => {
    if (step !== current) output.endProgress();
    current = step;
    output.progress(step, done, total);
  };
}
