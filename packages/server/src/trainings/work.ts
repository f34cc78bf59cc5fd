/** @file The job of a training: goes on where a process that ended has left it. */
import { BusanaError } from '@busana/contracts';
import { join } from 'node:path';
import type { Orm } from '../database/open.ts';
import type { Changes } from '../jobs/changes.ts';
import type { Done, Doing } from '../jobs/worker.ts';
import { PASSING, runTask } from '../jobs/run-task.ts';
import { learntSchema, type Tell } from '../jobs/tasks.ts';
import type { ModelFiles } from '../models/files.ts';
import type { PhotoStore } from '../photos/store.ts';
import type { Storage } from '../storage/storage.ts';
import { archiveOf, choosePhotos } from './choose.ts';
import { Progress } from './progress.ts';
import { countPhotos, endTraining, expectTraining, finishTraining, isTraining, tellEpochs, tellLine, tellSecondsLeft, type TrainingRow } from './state.ts'; // prettier-ignore

export interface TrainingOptions {
  readonly orm: Orm;
  readonly store: PhotoStore;
  readonly files: ModelFiles;
  /** Where what is learnt is kept until its end, for others to go on with. */
  readonly storage: Storage;
  /** Where trainings keep what they make; the cache of decoded photos is there too. */
  readonly folder: string;
  /** Threads of a training; 0 (default): every core. */
  readonly threads?: number;
  readonly changes: Changes;
}

export class TrainingWork {
  readonly #options: TrainingOptions;

  constructor(options: TrainingOptions) {
    this.#options = options;
  }

  wanted(id: number): Promise<boolean> {
    return isTraining(this.#options.orm, id);
  }

  /** What its epochs have learnt is kept, whoever stops it, and whoever goes on with it. */
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
    const { orm, files, store, storage, folder: all, threads = 0 } = this.#options;
    const { id, name, approach, architecture, epochs, baseHash } = row;
    const folder = join(all, String(id));
    const cache = join(all, 'cache');
    const told = (error: unknown) => void tellLine(orm, id, `what is learnt stays on this machine alone: ${String(error)}`).catch(() => undefined); // prettier-ignore
    const progress = new Progress({ storage, training: id, folder, onFailure: told });
    const { train, evaluation } = await choosePhotos({ orm, store, files, progress, row, folder, cache, signal });
    await countPhotos(orm, id, train.length, evaluation.length);
    // News are written in their order, and all of them before the end.
    let written: Promise<unknown> = Promise.resolve();
    const run = folderName(name);
    const onNews: Tell = (news) => {
      if (news.kind === 'epoch') progress.keep(join(folder, run, 'checkpoints', 'last.safetensors'));
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
      name: run,
      base: await files.local(baseHash),
      approach,
      architecture,
      epochs,
      threads,
    };
    const checkpoints = await progress.fromElsewhere();
    const task = { kind: 'learn' as const, ...settings, train, evaluation, ...(checkpoints !== undefined && { checkpoints }) }; // prettier-ignore
    const learning = runTask(task, learntSchema, { onNews, signal });
    const learnt = await learning.finally(() => Promise.all([written, progress.end()]));
    const { hash } = await files.install(learnt.model);
    await finishTraining(orm, row, hash, learnt);
    const archive = archiveOf(row);
    if (archive !== undefined) await store.removeArchive(archive);
    await progress.remove();
  }
}

/** A name that people have chosen, as one of a folder; it goes into the model file. */
function folderName(name: string): string {
  return name.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^\.+/, '') || 'training';
}
