/** @file A worker alone: jobs of a shop whose servers and other workers may be anywhere. */
import { BusanaError } from '@busana/contracts';
import { setTimeout } from 'node:timers/promises';
import { activeModel, earlierModels } from './catalogue/models.ts';
import type { QueueName } from './database/queue-tables.ts';
import type { Job } from './jobs/work.ts';
import { followModels } from './models/follow.ts';
import { ModelService } from './models/service.ts';
import { openParts, type PartsOptions } from './parts.ts';
import { startTracing } from './tracing/start.ts';

export interface WorkOptions extends Pick<PartsOptions, 'database' | 'storage' | 'data' | 'threads' | 'onFailure'> {
  readonly queues: readonly QueueName[];
  /** Jobs of each queue at once; default 1. */
  readonly concurrency?: number;
  /** Address of a collector that takes OTLP over HTTP, for traces. */
  readonly traces?: string;
  readonly version: string;
  /** Told when it waits for a server that says which model answers. */
  readonly onWaiting: () => void;
  readonly onJob: (job: Job, how: 'done' | 'failed' | 'left', milliseconds: number) => void;
  /** Told when another model answers. */
  readonly onModel: (hash: string) => void;
  /** Aborted when it is to end. */
  readonly signal: AbortSignal;
}

export interface RunningWorker {
  readonly id: string;
  /** When the jobs at hand are done, or handed back for others to go on with. */
  readonly close: () => Promise<void>;
}

/** Milliseconds between two looks for a first model. */
const LOOK = 1000;

/** @throws BusanaError CONFIG_INVALID; INTERRUPTED while it waits; MODEL_INVALID, DATABASE_UNAVAILABLE, STORAGE_UNAVAILABLE, OUTPUT_UNWRITABLE */
export async function work(options: WorkOptions): Promise<RunningWorker> {
  const { traces, version } = options;
  const endTracing = traces === undefined ? () => Promise.resolve() : await startTracing(traces, version);
  try {
    const { id, close } = await begin(options);
    return { id, close: () => close().finally(endTracing) };
  } catch (error) {
    await endTracing();
    throw error;
  }
}

async function begin(options: WorkOptions): Promise<RunningWorker> {
  const { signal, onWaiting, onModel, onFailure } = options;
  const parts = await openParts({
    ...options,
    models: async (orm) => {
      for (let looks = 0; !signal.aborted; looks += 1) {
        const active = await activeModel(orm);
        if (active !== undefined) return [...new Set([active.hash, ...(await earlierModels(orm))])];
        if (looks === 0) onWaiting();
        await setTimeout(LOOK, undefined, { signal }).catch(() => undefined);
      }
      throw new BusanaError('INTERRUPTED', 'stopped before a server said which model answers');
    },
  });
  const { database, predictor, files, worker, jobs } = parts;
  const models = new ModelService({
    orm: database.orm,
    predictor,
    files,
    queue: jobs.queue,
    onChange: (hash) => onModel(hash),
  });
  const following = followModels(models, onFailure);
  for (const [hash, reason] of files.problems) onFailure(new BusanaError('MODEL_INVALID', `the model ${hash} cannot be used, ${predictor.name} answers: ${reason}`)); // prettier-ignore
  await parts.resume();
  worker.start();
  following.start();
  return {
    id: worker.id,
    close: async () => {
      await following.close();
      await parts.close();
    },
  };
}
