/** @file The job of a training: goes on where a process that ended has left it. */
import { BusanaError } from '@busana/contracts';
import { readIfThere, readMetadata, writeOutput } from '@busana/vision';
import { readFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import type { Orm } from '../database/open.ts';
import type { Changes } from '../jobs/changes.ts';
import type { Done, Doing } from '../jobs/worker.ts';
import { PASSING, runTask } from '../jobs/run-task.ts';
import {
  groupedSchema,
  labelledPhotoSchema,
  learntSchema,
  unpackedSchema,
  type ConfirmedPhoto,
  type Tell,
} from '../jobs/tasks.ts';
import type { ModelFiles } from '../models/files.ts';
import { gatherPhotos } from '../photos/gather.ts';
import type { PhotoStore } from '../photos/store.ts';
import { confirmedPhotos, keepParts, knownParts } from './confirmed.ts';
import { partsOf } from './parts.ts';
import { countPhotos, endTraining, expectTraining, finishTraining, isTraining, tellEpochs, tellLine, tellSecondsLeft, type TrainingRow } from './state.ts'; // prettier-ignore

export interface TrainingOptions {
  readonly orm: Orm;
  readonly store: PhotoStore;
  readonly files: ModelFiles;
  /** Where trainings keep what they make; the cache of decoded photos is there too. */
  readonly folder: string;
  /** Threads of a training; 0 (default): every core. */
  readonly threads?: number;
  readonly changes: Changes;
}

/** Photos with confirmed labels that a training needs at least. */
export const LEAST_PHOTOS = 20;

const chosenSchema = z.object({ train: z.array(labelledPhotoSchema), evaluation: z.array(labelledPhotoSchema) });
type Chosen = z.infer<typeof chosenSchema>;
type DataSource = NonNullable<TrainingRow['data']>;

interface Unpacking {
  readonly folder: string;
  readonly cache: string;
  /** Model whose attributes the labels are read by. */
  readonly base: string;
  readonly signal: AbortSignal;
}

export class TrainingWork {
  readonly #options: TrainingOptions;

  constructor(options: TrainingOptions) {
    this.#options = options;
  }

  wanted(id: number): Promise<boolean> {
    return isTraining(this.#options.orm, id);
  }

  /** What its epochs have learnt is kept, whoever stops it. */
  async train(id: number, { signal }: Doing): Promise<Done> {
    const { orm, changes } = this.#options;
    if (!(await isTraining(orm, id))) return {};
    try {
      await this.#train(await expectTraining(orm, id), signal);
    } catch (error) {
      if (!(error instanceof BusanaError) || PASSING.has(error.code)) throw error;
      if (error.code === 'INTERRUPTED') return 'left';
      await this.#fail(id, error);
    } finally {
      changes.announce();
    }
    return {};
  }

  async #fail(id: number, error: BusanaError): Promise<void> {
    const { orm } = this.#options;
    const problems = error.problems.slice(0, 5).map(({ file, message }) => `${file}: ${message}`);
    await tellLine(orm, id, [error.message, error.remedy, ...problems].join(' '));
    await endTraining(orm, id, 'failed', error.message);
  }

  async #train(row: TrainingRow, signal: AbortSignal): Promise<void> {
    const { orm, files, folder: all, threads = 0 } = this.#options;
    const { id, name, approach, architecture, epochs, baseHash } = row;
    const folder = join(all, String(id));
    const cache = join(all, 'cache');
    const { train, evaluation } = await this.#choose(row, folder, cache, signal);
    await countPhotos(orm, id, train.length, evaluation.length);
    // News are written in their order, and all of them before the end.
    let written: Promise<unknown> = Promise.resolve();
    const onNews: Tell = (news) => {
      written = written.then(async () => {
        if (news.kind === 'epoch') {
          await tellEpochs(orm, id, [news.epoch]);
          await tellSecondsLeft(orm, id, news.secondsLeft);
        }
        if (news.kind === 'line') await tellLine(orm, id, news.line);
        this.#options.changes.announce();
      });
    };
    const settings = {
      folder,
      cache,
      name: folderName(name),
      base: await files.local(baseHash),
      approach,
      architecture,
      epochs,
      threads,
    };
    const learning = runTask({ kind: 'learn', ...settings, train, evaluation }, learntSchema, { onNews, signal });
    const learnt = await learning.finally(() => written);
    const { hash } = await files.install(learnt.model);
    await finishTraining(orm, row, hash, learnt);
  }

  /** The photos of a training stay the same, whatever people say while it is interrupted. */
  async #choose(
    { id, data, baseHash }: TrainingRow,
    folder: string,
    cache: string,
    signal: AbortSignal,
  ): Promise<Chosen> {
    const { orm, store } = this.#options;
    const file = join(folder, 'chosen.json');
    const before = await readIfThere(file);
    if (before !== undefined) return chosenSchema.parse(JSON.parse(before.toString('utf8')));
    const confirmed = await gatherPhotos(store, await confirmedPhotos(orm), join(folder, 'catalogue'));
    const own = data && (await this.#unpack(data, { folder: join(folder, 'photos'), base: baseHash, cache, signal }));
    const teaching = own ?? confirmed;
    expectEnough(teaching.length);
    await tellLine(orm, id, `${teaching.length} photos with labels of people; looking for copies among them`);
    // Whatever it learns from, it is compared on the frozen photos of the catalogue too.
    const taught = new Set(teaching.map(({ hash }) => hash));
    const photos = [...teaching, ...confirmed.filter(({ hash }) => !taught.has(hash))];
    const { groupOf } = await runTask({ kind: 'group', photos, cache }, groupedSchema, { signal });
    await keepParts(orm, partsOf(photos.map(({ hash }) => hash), groupOf, await knownParts(orm))); // prettier-ignore
    const parts = await knownParts(orm);
    const of = (all: readonly ConfirmedPhoto[], part: string): ConfirmedPhoto[] => all.filter(({ hash }) => parts.get(hash) === part); // prettier-ignore
    const chosen = { train: of(teaching, 'train'), evaluation: of(photos, 'evaluation') };
    await writeOutput(file, JSON.stringify(chosen));
    if (data !== null && !isAbsolute(data.path)) await store.removeArchive(data.path);
    return chosen;
  }

  /** @throws BusanaError as the data set is read, with the name that people know it by */
  async #unpack({ name, path }: DataSource, { base, signal, ...where }: Unpacking): Promise<ConfirmedPhoto[]> {
    const { files, store } = this.#options;
    const { 'busana.schema': taxonomy } = readMetadata(await readFile(await files.local(base)), 'the model it starts from'); // prettier-ignore
    const source = isAbsolute(path) ? path : await store.localArchive(path);
    const reading = runTask({ kind: 'unpack', source, taxonomy, ...where }, unpackedSchema, { signal });
    return reading.catch((error: unknown) => {
      if (!(error instanceof BusanaError)) throw error;
      const { code, message, remedy } = error;
      throw new BusanaError(code, message.replaceAll(source, name), { remedy, cause: error });
    });
  }
}

/** @throws BusanaError DATA_INVALID */
export function expectEnough(photos: number): void {
  if (photos >= LEAST_PHOTOS) return;
  throw new BusanaError('DATA_INVALID', `${photos} photos have labels that a person has given or confirmed; a training needs ${LEAST_PHOTOS}`, {
    remedy: 'Confirm more in the review.',
  }); // prettier-ignore
}

/** A name that people have chosen, as one of a folder; it goes into the model file. */
function folderName(name: string): string {
  return name.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^\.+/, '') || 'training';
}
