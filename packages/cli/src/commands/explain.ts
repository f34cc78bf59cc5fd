import {
  explainedScores,
  explanationMethods,
  maskings,
  type ExplainedScore,
  type ExplanationMethod,
  type Masking,
} from '@busana/contracts';
import { Option, type Command } from 'commander';
import { withCommonFlags, type CommandContext } from '../command.ts';
import { engineOptions, withEngineFlags, type EngineFlags } from '../engine-flags.ts';

interface ExplainFlags extends EngineFlags {
  readonly method: ExplanationMethod;
  readonly attribute?: string;
  readonly class?: string;
  readonly out: string;
  readonly samples?: number;
  readonly masking: Masking;
  readonly score?: ExplainedScore;
  readonly background?: string;
  readonly curves: boolean;
  readonly seed: number;
}

export function explainCommand(program: Command, { output, signal }: CommandContext): void {
  const command = program
    .command('explain')
    .description('show which parts of a photo speak for an answer, per attribute and class')
    .argument(
      '<model-or-source...>',
      'model.onnx or run folder (default: the model that comes with busana), then photos, folders, globs, zips, addresses',
    )
    .addOption(
      new Option('--method <name>', 'how it is found out; docs/guides/explain.md says which is for what')
        .choices(explanationMethods)
        .default('partition'),
    )
    .option('--attribute <names>', 'attributes to explain, by commas (default: all)')
    .option(
      '--class <names>',
      'classes to explain, by commas: codes or names, predicted, all (default: the predicted class of each attribute)',
    )
    .option('--out <folder>', 'folder to write', 'explanations')
    .option('--samples <count>', 'model evaluations per photo (partition: 500) or per class (shap: 200)', Number)
    .addOption(
      new Option('--masking <kind>', 'what hides parts of the photo, for partition and occlusion')
        .choices(maskings)
        .default('blur'),
    )
    .addOption(
      new Option(
        '--score <kind>',
        'what values are shares of (default: log-odds, or the output of a model that gives no probabilities)',
      ).choices(explainedScores),
    )
    .option('--background <source>', 'photos that shap compares with (default: ten drawn garments)')
    .option('--no-curves', 'do not measure deletion and insertion, which take longer than gradcam itself')
    .option('--seed <number>', 'seed of what is drawn by chance', Number, 0);
  withCommonFlags(
    withEngineFlags(command),
    'busana explain photos/shirt.jpg --method gradcam --attribute jenis --class hoodie --out why',
  ).action(async (given: string[], flags: ExplainFlags) => {
    const { explain } = await import('@busana/vision');
    const { method, attribute, out, samples, masking, score, background, curves, seed } = flags;
    const { folder, explanation } = await explain({
      given,
      method,
      wish: {
        ...(attribute !== undefined && { attributes: names(attribute) }),
        ...(flags.class !== undefined && { classes: names(flags.class) }),
      },
      out,
      ...(samples !== undefined && { samples }),
      masking,
      ...(score !== undefined && { score }),
      ...(background !== undefined && { background }),
      curves,
      seed,
      ...engineOptions(flags),
      stdin: process.stdin,
      onProgress: (label, done, total) => output.progress(label, done, total),
      onNotice: (line) => output.line(line),
      signal,
    });
    output.line(`sheet, overlays and values: ${folder}`);
    output.result(explanation);
  });
}

function names(list: string): string[] {
  return list.split(',').map((name) => name.trim());
}
