/** @file What a run needs before the first job: its folder, the data, duplicates, decoded photos, the augmentation. */
import { BusanaError, trainingConfigSchema, type Taxonomy } from '@busana/contracts';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { describeMixing } from '../batches/mix-rules.ts';
import { PhotoStore } from '../batches/photo-store.ts';
import type { LabelledPhoto } from '../data/dataset.ts';
import { findDuplicateGroups, type DuplicateGroups } from '../data/duplicates.ts';
import { fingerprint } from '../data/fingerprint.ts';
import { withTableGroups } from '../data/groups.ts';
import { labelWarnings } from '../data/warnings.ts';
import { openDataset } from '../data/open.ts';
import { MISSING } from '../data/dataset.ts';
import { resolvePolicy, type AugmentationPolicy } from '../image/augment/policy.ts';
import { cacheFolder } from '../weights/cache.ts';
import { describeEnvironment } from './environment.ts';
import type { Listener } from './events.ts';
import type { Arm } from './execute.ts';
import { RunFolder } from './run-folder.ts';
import { expectConsistent } from './settings.ts';

const dataRequestSchema = z.object({
  source: z.string(),
  images: z.string().optional(),
  idColumn: z.string().optional(),
  attributes: z.array(z.string()).optional(),
  group: z.string().optional(),
  schema: z.string().optional(),
  skipBad: z.boolean().optional(),
});
/** Which data set to open, and how. */
export type DataRequest = z.infer<typeof dataRequestSchema>;

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
  readonly dryRun: boolean;
  /** Folder of embeddings and weights kept between runs; default: the user's cache folder. */
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
 * @throws BusanaError CONFIG_INVALID, OUTPUT_UNWRITABLE, RESUME_IMPOSSIBLE
 */
export async function openRun(command: RunConfig['command'], request: RunRequest, arms: readonly Arm[]): Promise<Run> {
  if (request.resume !== undefined) return resumeRun(command, request.resume);
  for (const { config } of arms) expectConsistent(config);
  const { data, validationData, project, name } = request;
  const folder = await RunFolder.create(project, name ?? command);
  const content: RunConfig = {
    command,
    data,
    ...(validationData && { validation_data: validationData }),
    arms: [...arms],
  };
  await folder.write('config.yaml', stringify(content));
  return { folder, arms, data, validationData };
}

async function resumeRun(command: RunConfig['command'], path: string): Promise<Run> {
  const folder = await RunFolder.open(path);
  const text = new TextDecoder().decode(await folder.read('config.yaml'));
  const parsed = runConfigSchema.safeParse(parse(text));
  if (!parsed.success || parsed.data.command !== command) {
    throw new BusanaError('RESUME_IMPOSSIBLE', `${path} is not a run of 'busana ${command}'`, { cause: parsed.error });
  }
  const { arms, data, validation_data: validationData } = parsed.data;
  return { folder, arms, data, validationData };
}

export interface PreparedRun {
  readonly run: Run;
  readonly taxonomy: Taxonomy;
  /** Photos to learn from, then those of a validation set of their own. */
  readonly photos: readonly LabelledPhoto[];
  /** How many of the last photos are only for validation. */
  readonly validationPhotos: number;
  readonly groups: DuplicateGroups;
  readonly fingerprint: string;
  readonly store: PhotoStore;
  readonly policy: AugmentationPolicy;
  /** Folder of embeddings and weights kept between runs. */
  readonly cache: string;
}

/** Reads and checks everything, telling what it finds. @throws BusanaError for data, settings, output */
export async function prepareRun(
  run: Run,
  { emit, signal, cache = cacheFolder() }: { emit: Listener; signal?: AbortSignal; cache?: string },
): Promise<PreparedRun> {
  const { config } = run.arms[0]!;
  const notice = (message: string): void => emit({ type: 'notice', message });
  emit({ type: 'folder', path: run.folder.path });
  const dataset = await openDataset(defined(run.data));
  const { taxonomy } = dataset;
  const validation =
    run.validationData === undefined ? [] : (await openDataset({ ...defined(run.validationData), taxonomy })).photos;
  const labelled = dataset.photos.filter(({ targets }) => targets.some((target) => target !== MISSING));
  const photos = [...labelled, ...validation];
  for (const { file, row, message } of dataset.dropped)
    notice(`dropped ${file}${row === undefined ? '' : `, row ${row}`}: ${message}`);
  for (const line of countLines(taxonomy, labelled)) notice(line);
  for (const warning of labelWarnings(taxonomy, labelled)) notice(`warning: ${warning}`);
  const { policy, switchedOff } = await resolvePolicy(config.augment, taxonomy);
  for (const { sentence } of switchedOff) notice(sentence);
  if (config.mix !== 'none') notice(describeMixing(config.mix, taxonomy));
  const duplicates = await findDuplicateGroups(photos);
  const joined = duplicates.groupOf.filter((group, photo) => group !== photo).length;
  if (joined > 0)
    notice(`${joined} photos are duplicates of others (${duplicates.pairs.length} pairs) and share their fold`);
  const groups = withTableGroups(photos, duplicates);
  const hash = await fingerprint(photos);
  const environment = await describeEnvironment();
  notice(
    `busana ${environment.versions['busana']}, onnxruntime ${environment.versions['onnxruntime-node']}, node ${environment.versions['node']}, cpu with ${environment.cores} cores`,
  );
  await run.folder.writeJson('environment.json', { ...environment, threads: config.threads, data_fingerprint: hash });
  const store = await PhotoStore.create(photos, {
    size: config.imageSize,
    onProgress: (done, total) => emit({ type: 'prepare', done, total }),
    ...(signal && { signal }),
  });
  return {
    run,
    taxonomy,
    photos,
    validationPhotos: validation.length,
    groups,
    fingerprint: hash,
    store,
    policy,
    cache,
  };
}

/** Counts per class, a line per attribute. */
function countLines({ attributes }: Taxonomy, photos: readonly LabelledPhoto[]): string[] {
  return attributes.map(({ name, values }, attribute) => {
    const counts = values.map((_, value) => photos.filter(({ targets }) => targets[attribute] === value).length);
    const missing = photos.length - counts.reduce((sum, count) => sum + count, 0);
    const cells = values.map(({ code, names }, value) => `${names['en'] ?? code} ${counts[value]}`);
    return `${name}: ${cells.join(', ')}${missing > 0 ? ` (${missing} not labelled)` : ''}`;
  });
}

/** Optional settings that are not set are left out, as `exactOptionalPropertyTypes` wants. */
function defined({ source, images, idColumn, attributes, group, schema, skipBad }: DataRequest) {
  return {
    source,
    ...(images !== undefined && { images }),
    ...(idColumn !== undefined && { idColumn }),
    ...(attributes !== undefined && { attributes }),
    ...(group !== undefined && { group }),
    ...(schema !== undefined && { schema }),
    ...(skipBad !== undefined && { skipBad }),
  };
}
