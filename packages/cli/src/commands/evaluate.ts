import type { Command } from 'commander';
import { dataOptions, withCommonFlags, withDataFlags, type CommandContext, type DataFlags } from '../command.ts';
import { engineOptions, withEngineFlags, type EngineFlags } from '../engine-flags.ts';

interface EvaluateFlags extends DataFlags, EngineFlags {
  readonly out?: string;
  readonly tta?: boolean;
  readonly against?: string;
}

export function evaluateCommand(program: Command, { output, signal }: CommandContext): void {
  const command = program
    .command('evaluate')
    .description('measure a model on labelled photos')
    .argument('<model>', 'model.onnx or a run folder; several, separated by commas, are averaged')
    .option('--tta', 'average over the photo and its mirror image')
    .option('--against <model>', 'a second model on the same photos: paired test, interval of the difference, verdict')
    .option('--out <folder>', 'make a folder evaluation there with metrics, predictions, plots and a report');
  withCommonFlags(withEngineFlags(withDataFlags(command)), 'busana evaluate runs/first --data other-photos').action(
    async (model: string, flags: EvaluateFlags) => {
      const { evaluateModel } = await import('@busana/vision');
      const result = await evaluateModel({
        models: model.split(','),
        mirror: flags.tta === true,
        data: dataOptions(flags),
        ...engineOptions(flags),
        ...(flags.out !== undefined && { out: flags.out }),
        ...(flags.against !== undefined && { against: flags.against.split(',') }),
        onProgress: (done, total) => output.progress('photos', done, total),
        signal,
      });
      for (const { title, header, rows } of result.tables) {
        output.line(`${title}:`);
        output.table(header, rows);
        output.line();
      }
      for (const line of result.summary) output.line(line);
      output.result({ ...result.metrics, ...(result.verdict && { verdict: result.verdict }) });
    },
  );
}
