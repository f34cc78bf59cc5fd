/** @file What a run needs before the first job: the data, duplicates, decoded photos, the augmentation. */
import type { Taxonomy } from '@busana/contracts';
import { describeMixing } from '../batches/mix-rules.ts';
import { PhotoStore } from '../batches/photo-store.ts';
import type { LabelledPhoto } from '../data/dataset.ts';
import { findDuplicateGroups, type DuplicateGroups } from '../data/duplicates.ts';
import { fingerprint } from '../data/fingerprint.ts';
import { withTableGroups } from '../data/groups.ts';
import { labelWarnings } from '../data/warnings.ts';
import { openDataset } from '../data/open.ts';
import { MISSING } from '../data/dataset.ts';
import { limitDecoding } from '../image/decode.ts';
import { whenPredicting } from '../models/classifier.ts';
import { resolvePolicy, type AugmentationPolicy } from '../image/augment/policy.ts';
import { cacheFolder } from '../weights/cache.ts';
import { describeEnvironment } from './environment.ts';
import type { RunClock } from './clock.ts';
import type { Listener } from './events.ts';
import type { Run } from './open-run.ts';

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
  /** The same photos at the size of validation; the same store where that is the size of training. */
  readonly validationStore: PhotoStore;
  readonly policy: AugmentationPolicy;
  /** Folder of decoded photos, embeddings and weights kept between runs. */
  readonly cache: string;
  readonly clock: RunClock;
}

export interface PrepareOptions {
  /** Started when the run was asked for. */
  readonly clock: RunClock;
  readonly emit: Listener;
  readonly signal?: AbortSignal;
  /** Default: the user's cache folder. */
  readonly cache?: string;
}

/** Reads and checks everything, telling what it finds. @throws BusanaError for data, settings, output */
export async function prepareRun(
  run: Run,
  { clock, emit, signal, cache = cacheFolder() }: PrepareOptions,
): Promise<PreparedRun> {
  const { config } = run.arms[0]!;
  const notice = (message: string): void => emit({ type: 'notice', message });
  emit({ type: 'folder', path: run.folder.path });
  limitDecoding(config.threads);
  const dataset = await openDataset({ ...run.data, cache });
  const { taxonomy } = dataset;
  const validation =
    run.validationData === undefined ? [] : (await openDataset({ ...run.validationData, taxonomy, cache })).photos;
  const labelled = dataset.photos.filter(({ targets }) => targets.some((target) => target !== MISSING));
  const photos = [...labelled, ...validation];
  for (const { file, row, message } of dataset.dropped)
    notice(`dropped ${file}${row === undefined ? '' : `, row ${row}`}: ${message}`);
  for (const line of countLines(taxonomy, labelled)) notice(line);
  for (const warning of labelWarnings(taxonomy, labelled)) notice(`warning: ${warning}`);
  const { policy, switchedOff } = await resolvePolicy(config.augment, taxonomy);
  for (const { sentence } of switchedOff) notice(sentence);
  if (config.mix !== 'none') notice(describeMixing(config.mix, taxonomy));
  const duplicates = await findDuplicateGroups(photos, { cache });
  const joined = duplicates.groupOf.filter((group, photo) => group !== photo).length;
  if (joined > 0)
    notice(`${joined} photos are duplicates of others (${duplicates.pairs.length} pairs) and share their fold`);
  const groups = withTableGroups(photos, duplicates);
  const hash = await fingerprint(photos);
  const environment = await describeEnvironment();
  notice(
    `busana ${environment.versions['busana']}, onnxruntime ${environment.versions['onnxruntime-node']}, node ${environment.versions['node']}, ${config.device} with ${environment.cores} cores`,
  );
  await run.folder.writeJson('environment.json', {
    ...environment,
    threads: config.threads,
    device: config.device,
    data_fingerprint: hash,
  });
  const storeOf = (size: number): Promise<PhotoStore> =>
    PhotoStore.create(photos, {
      size,
      cache,
      onNotice: notice,
      onProgress: (done, total) => emit({ type: 'prepare', done, total }),
      ...(signal && { signal }),
    });
  const store = await storeOf(config.imageSize);
  const { imageSize: validationSize } = whenPredicting(config);
  return {
    run,
    taxonomy,
    photos,
    validationPhotos: validation.length,
    groups,
    fingerprint: hash,
    store,
    validationStore: validationSize === store.size ? store : await storeOf(validationSize),
    policy,
    cache,
    clock,
  };
}

/** Ends the worker threads of the photos. */
export async function releaseStores({ store, validationStore }: PreparedRun): Promise<void> {
  await store.release();
  await validationStore.release();
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
