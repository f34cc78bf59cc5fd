import { Option, type Command } from 'commander';
import { withCommonFlags, type CommandContext } from '../command.ts';
import type { Console } from '../console.ts';
import { engineOptions, withEngineFlags, type EngineFlags } from '../engine-flags.ts';

interface PredictFlags extends EngineFlags {
  readonly out?: string;
  readonly resume?: boolean;
  readonly format?: 'csv' | 'jsonl' | 'submission';
  readonly sample?: string;
  readonly ensemble?: string;
  readonly tta?: boolean;
}

export function predictCommand(program: Command, { output, signal }: CommandContext): void {
  const command = program
    .command('predict')
    .description(
      'read the attributes of photos with a model; status and reason say what to look at again: unsure, colour disputed by the pixels, no garment of this catalogue',
    )
    .argument(
      '<model-or-source...>',
      'model.onnx or run folder (default: the model that comes with busana), then photos, folders, globs, zips, addresses, - for a list',
    )
    .option('--out <file>', 'write there instead of stdout')
    .option('--resume', 'go on with what an interrupted run has written for --out')
    .addOption(new Option('--format <form>', 'form of the output').choices(['csv', 'jsonl', 'submission']))
    .option('--sample <file>', 'sample submission: its ids, columns and order')
    .option('--ensemble <models>', 'average several models, separated by commas, instead of naming one')
    .option('--tta', 'average over the photo and its mirror image');
  withCommonFlags(withEngineFlags(command), 'busana predict photos/*.jpg --out predictions.csv').action(
    async (given: string[], flags: PredictFlags) => {
      const { predict } = await import('@busana/vision');
      const result = await predict({
        given,
        format: output.options.json ? 'jsonl' : (flags.format ?? (flags.sample === undefined ? 'csv' : 'submission')),
        ...(flags.out !== undefined && { out: flags.out }),
        resume: flags.resume === true,
        ...(flags.ensemble !== undefined && { ensemble: flags.ensemble.split(',') }),
        mirror: flags.tta === true,
        ...(flags.sample !== undefined && { sample: flags.sample }),
        ...engineOptions(flags),
        stdin: process.stdin,
        stdout: process.stdout,
        onProgress: pace(output),
        onNotice: (line) => output.line(line),
        signal,
      });
      output.endProgress();
      if (flags.out !== undefined) for (const line of result.summary) output.line(line);
    },
  );
}

/** How far it is, and how many photos a second this run has read. */
function pace(output: Console): (done: number, total: number | undefined) => void {
  let begin: { readonly time: number; readonly done: number } | undefined;
  return (done, total) => {
    const now = performance.now();
    // The first batch has waited for whatever warms up, and its photos may be an earlier run's.
    begin ??= { time: now, done };
    const rate = done === begin.done ? '' : ` (${Math.round((done - begin.done) / ((now - begin.time) / 1000))}/s)`;
    output.progress(`photos${rate}`, done, total ?? done);
  };
}
