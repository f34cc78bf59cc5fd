import { BusanaError } from '@busana/contracts';
import { Option, type Command } from 'commander';
import {
  dataOptions,
  withCommonFlags,
  withOptionalDataFlags,
  type CommandContext,
  type DataFlags,
} from '../command.ts';
import { threadsOption, withThreadsFlag, type ThreadsFlag } from '../engine-flags.ts';

interface ExportFlags extends Partial<DataFlags>, ThreadsFlag {
  readonly model?: string;
  readonly weights?: string;
  readonly head?: 'original' | 'none';
  readonly imageSize?: number;
  readonly attention?: 'none' | 'se' | 'eca' | 'cbam';
  readonly seed?: number;
  readonly cache?: string;
  readonly format?: 'onnx' | 'onnx-fp16' | 'onnx-int8';
  readonly calibration?: 'percentile' | 'entropy';
  readonly percentile?: number;
  readonly calibrationPhotos?: number;
  readonly out: string;
}

export function exportCommand(program: Command, context: CommandContext): void {
  const { output } = context;
  const command = program
    .command('export')
    .description('write a trained model, in float32 or smaller, or an architecture with weights, as an ONNX file')
    .argument('[run-or-model]', 'run folder or model.onnx')
    .option('--model <name>', 'an architecture instead of a trained model')
    .option('--weights <file>', 'its weights: a file, or a name of `busana weights list` (default: random)')
    .addOption(new Option('--head <kind>', 'its published classifier, or the embedding').choices(['original', 'none']))
    .option('--image-size <pixels>', 'side of its square input (default: its own)', Number)
    .addOption(new Option('--attention <kind>', 'in residual blocks').choices(['none', 'se', 'eca', 'cbam']))
    .option('--seed <number>', 'seed of random weights, and of which photos are calibrated on (default: 0)', Number)
    .option('--cache <folder>', 'where downloaded weights are kept')
    .addOption(
      new Option(
        '--format <form>',
        'of a trained model: float32, weights in half precision (half the size), or 8-bit integers (a quarter)',
      ).choices(['onnx', 'onnx-fp16', 'onnx-int8']),
    )
    .addOption(
      new Option('--calibration <method>', 'how int8 finds the range of activations (default: percentile)').choices([
        'percentile',
        'entropy',
      ]),
    )
    .option('--percentile <percent>', 'share of activations that int8 does not clip (default: 99.999)', Number)
    .option('--calibration-photos <count>', 'photos that int8 is calibrated on (default: 200)', Number)
    .requiredOption('--out <file>', 'file to write');
  withCommonFlags(
    withThreadsFlag(withOptionalDataFlags(command)),
    'busana export runs/first --format onnx-int8 --out first-int8.onnx',
  ).action(async (trained: string | undefined, flags: ExportFlags) => {
    const { exportArchitecture, exportModel } = await import('@busana/vision');
    const { model, out, format, ...architecture } = flags;
    if ((trained === undefined) === (model === undefined)) {
      throw new BusanaError('USAGE', 'give either a run or model file, or --model with an architecture');
    }
    if (trained !== undefined && (format === 'onnx-int8' || format === 'onnx-fp16')) {
      await compress(trained, format, flags, context);
    } else if (trained !== undefined) {
      const result = await exportModel(trained, { out, ...threadsOption(flags) });
      output.line(`${result.source} passed its golden check; ${result.bytes.toLocaleString('en')} bytes in ${out}`);
      output.result(result);
    } else if (model !== undefined) {
      if (format !== undefined && format !== 'onnx') {
        throw new BusanaError('CONFIG_INVALID', `the format ${format} is for trained models, not for --model`, {
          remedy: 'Train a model first, or leave --format out.',
        });
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
  });
}

/** A trained model in a smaller form, with what that costs and gains. */
async function compress(
  trained: string,
  format: 'onnx-fp16' | 'onnx-int8',
  flags: ExportFlags,
  { output, signal }: CommandContext,
): Promise<void> {
  const { compressModel, describeCompression } = await import('@busana/vision');
  const { data, out, calibration, percentile, calibrationPhotos, seed } = flags;
  const method = calibrationOf(calibration, percentile);
  if (calibrationPhotos !== undefined && !(Number.isInteger(calibrationPhotos) && calibrationPhotos > 0)) {
    throw new BusanaError('CONFIG_INVALID', '--calibration-photos is not a whole number above 0');
  }
  const result = await compressModel(trained, {
    format,
    out,
    ...(data !== undefined && { data: dataOptions({ ...flags, data }) }),
    ...(method !== undefined && { calibration: method }),
    ...(calibrationPhotos !== undefined && { calibrationPhotos }),
    ...(seed !== undefined && { seed }),
    ...threadsOption(flags),
    onProgress: (what, done, total) => output.progress(what, done, total),
    signal,
  });
  for (const line of describeCompression(result)) output.line(line);
  output.result(result);
}

/** What the flags say of the ranges of activations; undefined: nothing. */
function calibrationOf(calibration: ExportFlags['calibration'], percent: number | undefined) {
  if (percent !== undefined && !(percent > 50 && percent <= 100)) {
    throw new BusanaError('CONFIG_INVALID', `--percentile is not between 50 and 100`);
  }
  if (calibration === 'entropy') {
    if (percent !== undefined) throw new BusanaError('USAGE', 'calibration by entropy takes no --percentile');
    return { method: 'entropy' } as const;
  }
  return percent === undefined ? undefined : ({ method: 'percentile', percent } as const);
}
