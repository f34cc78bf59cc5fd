/** @file What servers and workers have in common: database, files, model, and the jobs with what does them. */
import type { Taxonomy } from '@busana/contracts';
import { limitDecoding } from '@busana/vision';
import { join, resolve } from 'node:path';
import { AnalysisWork } from './analysis/work.ts';
import { activateModel } from './catalogue/models.ts';
import type { Database, Orm } from './database/open.ts';
import { openDatabase } from './database/up-to-date.ts';
import { localQueue } from './imports/make-jobs.ts';
import type { Fetch } from './imports/receive.ts';
import { ImportWork } from './imports/work.ts';
import { Changes } from './jobs/changes.ts';
import { giveUp } from './jobs/give-up.ts';
import { handlersOf } from './jobs/handlers.ts';
import type { Jobs } from './jobs/jobs.ts';
import { JobQueue, type QueueRules } from './jobs/queue.ts';
import { Worker, type WorkerOptions } from './jobs/worker.ts';
import type { QueueName } from './database/queue-tables.ts';
import { AnewWork } from './models/anew.ts';
import { loadFirst } from './models/begin.ts';
import { ModelFiles } from './models/files.ts';
import { PhotoStore } from './photos/store.ts';
import type { Predictor } from './predictions/predictor.ts';
import { LookAlikes } from './search/look-alikes.ts';
import { LocalFiles } from './storage/local-files.ts';
import { openStorage } from './storage/open.ts';
import { resumeAnalysis } from './analysis/state.ts';
import { resumeTrainings } from './trainings/state.ts';
import { TrainingWork } from './trainings/work.ts';

export interface PartsOptions extends Pick<WorkerOptions, 'concurrency' | 'onFailure' | 'onJob' | 'pulse'> {
  /** `postgres://…`, or a folder. */
  readonly database: string;
  /** `s3://…`, or a folder. */
  readonly storage: string;
  /** Folder of all that has no other place. */
  readonly data: string;
  /** Which model answers: its hash, then those that do where it cannot be used. */
  readonly models: (orm: Orm, files: ModelFiles) => Promise<readonly string[]>;
  /** Threads of the engine and of the decoder; 0 (default): every core. */
  readonly threads?: number;
  /** What is worked at; nothing leaves it to others. */
  readonly queues: readonly QueueName[];
  readonly rules?: Partial<QueueRules>;
  readonly fetch?: Fetch;
  readonly onBatch?: (photos: number, milliseconds: number) => void;
  readonly onSettled?: (state: string) => void;
}

export interface Parts {
  readonly database: Database;
  readonly store: PhotoStore;
  readonly files: ModelFiles;
  readonly predictor: Predictor;
  readonly lookAlikes: LookAlikes;
  readonly taxonomy: Taxonomy;
  readonly jobs: Jobs;
  readonly imports: ImportWork;
  readonly trainings: TrainingWork;
  readonly analysis: AnalysisWork;
  /** Not started. */
  readonly worker: Worker;
  /** What is running and has no job, e.g. of an older version, gets one. */
  readonly resume: () => Promise<void>;
  /** When the jobs at hand are done or handed back. Files and folders stay open to nobody. */
  readonly close: () => Promise<void>;
}

/** @throws BusanaError MODEL_NOT_FOUND, MODEL_INVALID, DATABASE_UNAVAILABLE, STORAGE_UNAVAILABLE, OUTPUT_UNWRITABLE */
export async function openParts(options: PartsOptions): Promise<Parts> {
  const { data, threads = 0, onFailure, onBatch, onSettled, fetch, rules, queues, concurrency, onJob, pulse } = options;
  limitDecoding(threads);
  const local = new LocalFiles(await openStorage(options.storage), join(data, 'cache'));
  const store = await PhotoStore.open(local, join(data, 'uploads'));
  const files = new ModelFiles(local);
  const database = await openDatabase(options.database);
  const { orm } = database;
  let predictor: Predictor | undefined;
  try {
    const hashes = await options.models(orm, files);
    predictor = await loadFirst(files, hashes, { threads, ...(onBatch && { onBatch }) });
    // One that answers instead of another does not take its place.
    if (predictor.hash === hashes[0]) await activateModel(orm, predictor);
    const { taxonomy } = predictor;
    const answering = predictor;
    const lookAlikes = new LookAlikes(orm, () => answering.hash);
    const queue = new JobQueue(database, giveUp, rules);
    const changes = new Changes();
    const shared = { orm, store, files, queue, changes, predictor: answering, lookAlikes, taxonomy, threads };
    const folder = join(resolve(data), 'trainings');
    const imports = new ImportWork({ ...shared, ...(fetch && { fetch }), ...(onSettled && { onSettled }) });
    const trainings = new TrainingWork({ ...shared, storage: local.storage, folder });
    const analysis = new AnalysisWork({ ...shared, cache: join(folder, 'cache') });
    const anew = new AnewWork(shared);
    const worker = new Worker({
      ...{ orm, queue, onFailure, handlers: handlersOf({ imports, trainings, analysis, anew }) },
      // What lies on this machine's own disk is read here.
      queues: queues.map((name) => (name === 'predict' ? [localQueue(), name] : [name])),
      ...(concurrency !== undefined && { concurrency }),
      ...(onJob && { onJob }),
      ...(pulse !== undefined && { pulse }),
    });
    const jobs = { queue, changes, wake: () => worker.wake() };
    return {
      ...{ database, store, files, predictor, lookAlikes, taxonomy, jobs, imports, trainings, analysis, worker },
      resume: async () => {
        await imports.resume();
        await resumeTrainings(orm, queue);
        await resumeAnalysis(orm, queue);
        await anew.resume();
        worker.wake();
      },
      close: async () => {
        await worker.close();
        await answering.close();
        await database.close();
      },
    };
  } catch (error) {
    await predictor?.close();
    await database.close();
    throw error;
  }
}
