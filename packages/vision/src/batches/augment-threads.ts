import { Piscina } from 'piscina';
import { workerFile } from '../worker-file.ts';
import type { AugmentTask } from './augment-worker.ts';

/** The training step has the cores; augmenting needs a small part of one. */
const WORKERS = 2;

let threads: Piscina<AugmentTask, number[]> | undefined;

/**
 * Does a task in one of this process's worker threads. They are started once, for every training that follows: each has
 * to load its sources. Idle ones let the process end.
 */
export function augmentInThread(task: AugmentTask): Promise<number[]> {
  threads ??= startThreads();
  return threads.run(task);
}

function startThreads(): Piscina<AugmentTask, number[]> {
  const { url, execArgv } = workerFile('./augment-worker', import.meta.url);
  const threads = { minThreads: WORKERS, maxThreads: WORKERS };
  return new Piscina({ filename: url.href, name: 'augmentBatch', execArgv: [...execArgv], ...threads });
}
