import type { Command } from 'commander';
import { dataOptions, withCommonFlags, withDataFlags, type CommandContext, type DataFlags } from '../command.ts';
import { engineOptions, withEngineFlags, type EngineFlags } from '../engine-flags.ts';

interface EvaluateFlags extends DataFlags, EngineFlags {
  readonly out?: string;
  readonly tta?: boolean;
}

export function evaluateCommand(program: Command, { output, signal }: CommandContext): void {
  const command = program
    .command('evaluate')
    .description('measure a model on labelled photos')
    .argument('<model>', 'model.onnx or a run folder; several, separated by commas, are averaged')
    .option('--tta', 'average over the photo and its mirror image')
    .option('--out <folder>', 'write metrics, predictions and a report there');
  withCommonFlags(withEngineFlags(withDataFlags(command)), 'busana evaluate runs/first --data other-photos').action(
    async (model: string, flags: EvaluateFlags) => {
      const { evaluateModel } = await import('@busana/vision');
      const result = await evaluateModel({
        models: model.split(','),
        mirror: flags.tta === true,
        data: dataOptions(flags),
        ...engineOptions(flags),
        ...(flags.out !== undefined && { out: flags.out }),
        onProgress: (done, total) => output.progress('photos', done, total),
        signal,
      });
      for (const line of result.summary) output.line(line);
      output.result(result.metrics);
    },
  );
}
