import { BusanaError, trainingConfigSchema, type TrainingConfig } from '@busana/contracts';
import type { Command } from 'commander';
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { deviceNamed, deviceOption } from './engine-flags.ts';

/** What says where a run goes and not what it computes. */
export interface RunFlags {
  readonly project: string;
  readonly name?: string;
  readonly resume?: string;
  readonly dryRun: boolean;
  readonly cache?: string;
}

export interface TrainingFlags {
  readonly config?: string;
  readonly folds?: string;
  readonly project?: string;
  readonly name?: string;
  readonly resume?: string;
  readonly dryRun?: boolean;
  readonly cache?: string;
}

const text = (value: string): string => value;

/** Flag, key of the configuration, how its text is read, what it does. */
const settings = [
  ['--model <name>', 'model', text, 'architecture'],
  ['--image-size <pixels>', 'imageSize', Number, 'side of the square input'],
  ['--predict-size <pixels>', 'predictSize', Number, 'side in validation and of the delivered model, 0 as in training'],
  ['--batch <count>', 'batch', Number, 'photos per step'],
  ['--micro-batch <count>', 'microBatch', Number, 'photos per pass, 0 for the whole batch; less needs less memory'],
  ['--epochs <count>', 'epochs', Number, 'passes over the photos'],
  ['--lr <rate>', 'lr', Number, 'peak learning rate'],
  ['--optimizer <name>', 'optimizer', text, 'sgd, adam or adamw'],
  ['--schedule <name>', 'schedule', text, 'constant, cosine or onecycle'],
  ['--weight-decay <rate>', 'weightDecay', Number, 'decay of weights'],
  ['--label-smoothing <share>', 'labelSmoothing', Number, 'probability spread over all classes'],
  ['--class-weights <kind>', 'classWeights', text, 'none or balanced'],
  ['--clip <norm>', 'clip', Number, 'largest norm of the gradient, 0 for any'],
  ['--weights <file>', 'weights', text, 'pretrained weights: a file, or a name of `busana weights list`'],
  ['--averaging <decay>', 'averaging', Number, 'moving average of the parameters that is validated and delivered'],
  ['--unfreeze <epochs>', 'unfreeze', Number, 'first epochs over which the backbone is unfrozen, from the heads down'],
  ['--layer-decay <factor>', 'layerDecay', Number, 'learning rate of each stage relative to the next one'],
  ['--neck <kind>', 'neck', text, 'none, shared or separate: hidden layer before the heads'],
  ['--dropout <share>', 'dropout', Number, 'units dropped before the heads'],
  ['--stochastic-depth <share>', 'stochasticDepth', Number, 'probability of skipping the last residual block'],
  ['--attention <kind>', 'attention', text, 'none, se, eca or cbam, in residual blocks'],
  ['--augment <policy>', 'augment', text, 'none, light, strong, or a policy file'],
  ['--mix <kind>', 'mix', text, 'none, mixup or cutmix: blend pairs of photos where labels allow it'],
  ['--normalise <kind>', 'normalise', text, 'auto (what the architecture expects), zero-one, imagenet or tensorflow'],
  ['--patience <epochs>', 'patience', Number, 'stop after so many epochs without a better validation loss'],
  ['--folds <count>', 'folds', Number, 'cross-validation with so many folds'],
  ['--val <share>', 'val', Number, 'share of the photos held back, 0 for none'],
  ['--seed <number>', 'seed', Number, 'seed of everything random'],
  ['--threads <count>', 'threads', Number, 'threads of the engine and of the decoder, 0 for every core'],
] as const;

export function withTrainingFlags(command: Command): Command {
  for (const [flag, , , description] of settings) command.option(flag, withDefault(flag, description));
  return command
    .addOption(deviceOption())
    .option('--freeze', 'train the heads alone, on embeddings of the backbone that are computed once')
    .option('--recompute', 'compute the inside of blocks again when gradients need it: less memory, more time')
    .option('--mirror', 'validate and deliver the average over a photo and its mirror image')
    .option('--config <file>', 'settings in YAML; flags override them')
    .option('--project <folder>', 'where run folders are made (default: runs)')
    .option('--name <name>', 'name of the run folder')
    .option('--resume <folder>', 'go on with an interrupted run')
    .option('--cache <folder>', 'where decoded photos and weights are kept (default: the cache folder of the user)')
    .option('--dry-run', 'check data and settings, train nothing');
}

function withDefault(flag: string, description: string): string {
  const key = settings.find(([name]) => name === flag)?.[1];
  const value = key === undefined ? undefined : trainingConfigSchema.parse({})[key];
  return value === undefined || value === '' ? description : `${description} (default: ${value})`;
}

/** Flags over the config file over defaults. @throws BusanaError CONFIG_INVALID naming every setting that is wrong */
export async function readTraining(flags: TrainingFlags): Promise<{ config: TrainingConfig; run: RunFlags }> {
  const given = new Map<string, unknown>(Object.entries(flags));
  const fromFlags: Record<string, unknown> = {};
  const device = given.get('device');
  if (typeof device === 'string') fromFlags['device'] = deviceNamed(device);
  const approach = given.get('approach');
  if (approach !== undefined) fromFlags['approach'] = approach;
  for (const key of ['freeze', 'recompute', 'mirror']) if (given.get(key) === true) fromFlags[key] = true;
  for (const [, key, read] of settings) {
    const value = given.get(key);
    if (typeof value === 'string') fromFlags[key] = read(value);
  }
  const parsed = trainingConfigSchema.safeParse({ ...(await readConfigFile(flags.config)), ...fromFlags });
  if (!parsed.success) {
    throw new BusanaError('CONFIG_INVALID', 'these settings are wrong', {
      problems: parsed.error.issues.map((issue) => ({
        file: flags.config ?? 'command line',
        message: `${issue.path.join('.')}: ${issue.message}`,
      })),
      remedy: 'Run the command with --help for the settings and their defaults.',
      cause: parsed.error,
    });
  }
  const { project = 'runs', name, resume, dryRun = false, cache } = flags;
  return {
    config: parsed.data,
    run: {
      project,
      dryRun,
      ...(name !== undefined && { name }),
      ...(resume !== undefined && { resume }),
      ...(cache !== undefined && { cache }),
    },
  };
}

const configFileSchema = z.record(z.string(), z.unknown());
const runFileSchema = z.object({ arms: z.array(z.object({ config: configFileSchema })).min(1) });

async function readConfigFile(file: string | undefined): Promise<Record<string, unknown>> {
  if (file === undefined) return {};
  try {
    const content = configFileSchema.parse(parse(await readFile(file, 'utf8')));
    // The config.yaml of a run folder is a config file too: its settings are those of its first arm.
    return 'arms' in content ? runFileSchema.parse(content).arms[0]!.config : content;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BusanaError('CONFIG_INVALID', `${file} cannot be read as settings: ${reason}`, { cause });
  }
}
