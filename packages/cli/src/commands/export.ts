import { BusanaError } from '@busana/contracts';
import { Option, type Command } from 'commander';
import { withCommonFlags, type CommandContext } from '../command.ts';

interface ExportFlags {
  readonly model?: string;
  readonly weights?: string;
  readonly head?: 'original' | 'none';
  readonly imageSize?: number;
  readonly attention?: 'none' | 'se' | 'eca' | 'cbam';
  readonly seed?: number;
  readonly cache?: string;
  readonly format?: 'onnx' | 'onnx-fp16' | 'onnx-int8';
  readonly out: string;
}

export function exportCommand(program: Command, { output }: CommandContext): void {
  const command = program
    .command('export')
    .description('write a trained model, or an architecture with weights, as an ONNX file')
    .argument('[run-or-model]', 'run folder or model.onnx')
    .option('--model <name>', 'an architecture instead of a trained model')
    .option('--weights <file>', 'its weights: a file, or a name of `busana weights list` (default: random)')
    .addOption(new Option('--head <kind>', 'its published classifier, or the embedding').choices(['original', 'none']))
    .option('--image-size <pixels>', 'side of its square input (default: its own)', Number)
    .addOption(new Option('--attention <kind>', 'in residual blocks').choices(['none', 'se', 'eca', 'cbam']))
    .option('--seed <number>', 'seed of random weights (default: 0)', Number)
    .option('--cache <folder>', 'where downloaded weights are kept')
    .addOption(new Option('--format <form>', 'of a trained model').choices(['onnx', 'onnx-fp16', 'onnx-int8']))
    .requiredOption('--out <file>', 'file to write');
  withCommonFlags(command, 'busana export --model resnet50 --weights resnet50 --out resnet50.onnx').action(
    async (trained: string | undefined, flags: ExportFlags) => {
      const { exportArchitecture, exportModel } = await import('@busana/vision');
      const { model, out, format, ...architecture } = flags;
      if ((trained === undefined) === (model === undefined)) {
        throw new BusanaError('USAGE', 'give either a run or model file, or --model with an architecture');
      }
      if (trained !== undefined) {
        const result = await exportModel(trained, { out, ...(format !== undefined && { format }) });
        output.line(`${result.source} passed its golden check; ${result.bytes.toLocaleString('en')} bytes in ${out}`);
        output.result(result);
      } else if (model !== undefined) {
        if (format !== undefined && format !== 'onnx') {
          throw new BusanaError('CONFIG_INVALID', `the format ${format} is not available yet`);
        }
        const { weights, head, imageSize, attention, seed, cache } = architecture;
        const result = await exportArchitecture({
          model,
          out,
          ...(weights !== undefined && { weights }),
          ...(head !== undefined && { head }),
          ...(imageSize !== undefined && { imageSize }),
          ...(attention !== undefined && { attention }),
          ...(seed !== undefined && { seed }),
          ...(cache !== undefined && { cache }),
        });
        for (const note of result.notes) output.line(note);
        output.line(
          `${result.model}: image [${result.input.shape.join(', ')}] -> ${result.output.name} [${result.output.shape.join(', ')}]`,
        );
        output.line(
          `${result.parameters.toLocaleString('en')} parameters, ${result.bytes.toLocaleString('en')} bytes in ${out}`,
        );
        output.result(result);
      }
    },
  );
}
