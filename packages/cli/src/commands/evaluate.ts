import type { Command } from 'commander';
import { dataOptions, withCommonFlags, withDataFlags, type CommandContext, type DataFlags } from '../command.ts';

interface EvaluateFlags extends DataFlags {
  readonly out?: string;
  readonly threads?: number;
  readonly tta?: boolean;
}

export function evaluateCommand(program: Command, { output, signal }: CommandContext): void {
  const command = program
    .command('evaluate')
    .description('measure a model on labelled photos')
    .argument('<model>', 'model.onnx or a run folder; several, separated by commas, are averaged')
    .option('--tta', 'average over the photo and its mirror image')
    .option('--threads <count>', 'threads of the engine (default: all cores)', Number)
    .option('--out <folder>', 'write metrics, predictions and a report there');
  withCommonFlags(withDataFlags(command), 'busana evaluate runs/first --data other-photos').action(
    async (model: string, flags: EvaluateFlags) => {
      const { evaluateModel } = await import('@busana/vision');
      const result = await evaluateModel({
        models: model.split(','),
        mirror: flags.tta === true,
        data: dataOptions(flags),
        ...(flags.threads !== undefined && { threads: flags.threads }),
        ...(flags.out !== undefined && { out: flags.out }),
        onProgress: (done, total) => output.progress('photos', done, total),
        signal,
      });
      for (const line of result.summary) output.line(line);
      output.result(result.metrics);
    },
  );
}
