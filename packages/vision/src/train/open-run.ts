/** @file What a run is asked to do, and its folder, which remembers it. */
import { BusanaError, trainingConfigSchema } from '@busana/contracts';
import { cp } from 'node:fs/promises';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { dataRequestSchema, type DataRequest } from '../data/request.ts';
import { expectDevice } from '../engine-options.ts';
import type { Arm } from './execute.ts';
import { unwritable } from '../output/write.ts';
import { RunFolder } from './run-folder.ts';
import { expectConsistent } from './settings.ts';

/** `config.yaml`: everything needed to run the same again. */
const runConfigSchema = z.object({
  command: z.enum(['train', 'compare']),
  data: dataRequestSchema,
  validation_data: dataRequestSchema.optional(),
  arms: z.array(z.object({ name: z.string(), config: trainingConfigSchema })),
});
type RunConfig = z.infer<typeof runConfigSchema>;

export interface RunRequest {
  readonly data: DataRequest;
  readonly validationData?: DataRequest;
  /** Folder in which the run's folder is made. */
  readonly project: string;
  readonly name?: string;
  /** Folder of an interrupted run to go on with; its own configuration counts. */
  readonly resume?: string;
  /** Folder of checkpoints of the same training in another place, for a new run to go on from. */
  readonly checkpoints?: string;
  readonly dryRun: boolean;
  /** Folder of decoded photos, embeddings and weights kept between runs; default: the user's cache folder. */
  readonly cache?: string;
}

export interface Run {
  readonly folder: RunFolder;
  readonly arms: readonly Arm[];
  readonly data: DataRequest;
  readonly validationData: DataRequest | undefined;
}

/**
 * Makes the folder of a new run, or opens an interrupted one.
 * @throws BusanaError CONFIG_INVALID, DEVICE_UNAVAILABLE, OUTPUT_UNWRITABLE, RESUME_IMPOSSIBLE
 */
export async function openRun(command: RunConfig['command'], request: RunRequest, arms: readonly Arm[]): Promise<Run> {
  if (request.resume !== undefined) return resumeRun(command, request.resume);
  for (const { config } of arms) {
    expectConsistent(config);
    await expectDevice(config.device);
  }
  const { data, validationData, project, name, checkpoints } = request;
  const folder = await RunFolder.create(project, name ?? command);
  const content: RunConfig = {
    command,
    data,
    ...(validationData && { validation_data: validationData }),
    arms: [...arms],
  };
  if (checkpoints !== undefined) await copyInto(folder.file('checkpoints'), checkpoints);
  // Last: without it there is no run to resume.
  await folder.write('config.yaml', stringify(content));
  return { folder, arms, data, validationData };
}

/** @throws BusanaError OUTPUT_UNWRITABLE */
async function copyInto(folder: string, from: string): Promise<void> {
  await cp(from, folder, { recursive: true }).catch((cause: unknown) => {
    throw unwritable(folder, cause);
  });
}

async function resumeRun(command: RunConfig['command'], path: string): Promise<Run> {
  const folder = await RunFolder.open(path);
  const text = new TextDecoder().decode(await folder.read('config.yaml'));
  const parsed = runConfigSchema.safeParse(parse(text));
  if (!parsed.success || parsed.data.command !== command) {
    throw new BusanaError('RESUME_IMPOSSIBLE', `${path} is not a run of 'busana ${command}'`, { cause: parsed.error });
  }
  const { arms, data, validation_data: validationData } = parsed.data;
  for (const { config } of arms) await expectDevice(config.device);
  return { folder, arms, data, validationData };
}
