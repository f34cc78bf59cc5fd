/** @file The photos of a training: chosen once, whatever people say while it is interrupted, and whoever goes on with it. */
import { BusanaError } from '@busana/contracts';
import { readIfThere, readMetadata, writeOutput } from '@busana/vision';
import { readFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import type { Orm } from '../database/open.ts';
import { runTask } from '../jobs/run-task.ts';
import { groupedSchema, labelledPhotoSchema, unpackedSchema, type ConfirmedPhoto, type KnownPhoto } from '../jobs/tasks.ts'; // prettier-ignore
import type { ModelFiles } from '../models/files.ts';
import { gatherPhotos } from '../photos/gather.ts';
import type { PhotoStore } from '../photos/store.ts';
import { confirmedPhotos, keepParts, knownParts } from './confirmed.ts';
import { partsOf } from './parts.ts';
import type { Progress } from './progress.ts';
import { tellLine, type TrainingRow } from './state.ts';

export interface Choosing {
  readonly orm: Orm;
  readonly store: PhotoStore;
  readonly files: ModelFiles;
  readonly progress: Progress;
  readonly row: TrainingRow;
  /** Of the training, on this machine. */
  readonly folder: string;
  /** Of decoded photos. */
  readonly cache: string;
  readonly signal: AbortSignal;
}

/** Photos with confirmed labels that a training needs at least. */
export const LEAST_PHOTOS = 20;

const chosenSchema = z.object({ train: z.array(labelledPhotoSchema), evaluation: z.array(labelledPhotoSchema) });
export type Chosen = z.infer<typeof chosenSchema>;

/** @throws BusanaError DATA_INVALID, as the data set is read; STORAGE_UNAVAILABLE, OUTPUT_UNWRITABLE */
export async function choosePhotos(choosing: Choosing): Promise<Chosen> {
  const { folder, progress } = choosing;
  const file = join(folder, 'chosen.json');
  const here = await readIfThere(file);
  if (here !== undefined) return chosenSchema.parse(JSON.parse(here.toString('utf8')));
  const elsewhere = await progress.chosen();
  const chosen = elsewhere === undefined ? await chooseNow(choosing) : await fetchChosen(choosing, elsewhere);
  if (elsewhere === undefined) await progress.choose(chosen);
  await writeOutput(file, JSON.stringify(chosen));
  return chosen;
}

/** Key of what was uploaded for a training alone. */
export function archiveOf({ data }: TrainingRow): string | undefined {
  return data === null || isAbsolute(data.path) ? undefined : data.path;
}

async function chooseNow(choosing: Choosing): Promise<Chosen> {
  const { orm, store, row, folder, cache, signal } = choosing;
  const confirmed = await gatherPhotos(store, await confirmedPhotos(orm), join(folder, 'catalogue'));
  const teaching = (await unpacked(choosing)) ?? confirmed;
  expectEnough(teaching.length);
  await tellLine(orm, row.id, `${teaching.length} photos with labels of people; looking for copies among them`);
  // Whatever it learns from, it is compared on the frozen photos of the catalogue too.
  const taught = new Set(teaching.map(({ hash }) => hash));
  const photos = [...teaching, ...confirmed.filter(({ hash }) => !taught.has(hash))];
  const { groupOf } = await runTask({ kind: 'group', photos, cache }, groupedSchema, { signal });
  await keepParts(orm, partsOf(photos.map(({ hash }) => hash), groupOf, await knownParts(orm))); // prettier-ignore
  const parts = await knownParts(orm);
  const of = (all: readonly ConfirmedPhoto[], part: string): ConfirmedPhoto[] => all.filter(({ hash }) => parts.get(hash) === part); // prettier-ignore
  return { train: of(teaching, 'train'), evaluation: of(photos, 'evaluation') };
}

/** What another machine has chosen, with the files of this one. */
async function fetchChosen(choosing: Choosing, known: { readonly [part in keyof Chosen]: readonly KnownPhoto[] }) {
  const { store, folder } = choosing;
  const own = new Map((await unpacked(choosing))?.map(({ hash, path }) => [hash, path]));
  const located = async (photos: readonly KnownPhoto[]): Promise<ConfirmedPhoto[]> => {
    const gathered = await gatherPhotos(store, photos, join(folder, 'catalogue'));
    return gathered.map((photo) => ({ ...photo, path: own.get(photo.hash) ?? photo.path }));
  };
  return { train: await located(known.train), evaluation: await located(known.evaluation) };
}

/**
 * Photos of a data set of its own; undefined where the training has none.
 * @throws BusanaError as the data set is read, with the name that people know it by
 */
async function unpacked({ store, files, row, folder, cache, signal }: Choosing): Promise<ConfirmedPhoto[] | undefined> {
  const { data, baseHash } = row;
  if (data === null) return undefined;
  const { name, path } = data;
  const { 'busana.schema': taxonomy } = readMetadata(await readFile(await files.local(baseHash)), 'the model it starts from'); // prettier-ignore
  const source = isAbsolute(path) ? path : await store.localArchive(path);
  const task = { kind: 'unpack', source, taxonomy, folder: join(folder, 'photos'), cache } as const;
  return runTask(task, unpackedSchema, { signal }).catch((error: unknown) => {
    if (!(error instanceof BusanaError)) throw error;
    const { code, message, remedy } = error;
    throw new BusanaError(code, message.replaceAll(source, name), { remedy, cause: error });
  });
}

/** @throws BusanaError DATA_INVALID */
export function expectEnough(photos: number): void {
  if (photos >= LEAST_PHOTOS) return;
  throw new BusanaError('DATA_INVALID', `${photos} photos have labels that a person has given or confirmed; a training needs ${LEAST_PHOTOS}`, {
    remedy: 'Confirm more in the review.',
  }); // prettier-ignore
}
