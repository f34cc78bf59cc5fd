import { Piscina } from 'piscina';
import type { AugmentTask } from './augment-worker.ts';

/** The training step has the cores; augmenting needs a small part of one. */
const WORKERS = 2;

let threads: Piscina<AugmentTask, number[]> | undefined;

/**
 * Does a task in one of this process's worker threads. They are started once, for every training that follows: each has
 * to load its sources. Idle ones let the process end.
 */
export function augmentInThread(task: AugmentTask): Promise<number[]> {
  threads ??= new Piscina({
    filename: new URL('./augment-worker.ts', import.meta.url).href,
    name: 'augmentBatch',
    minThreads: WORKERS,
    maxThreads: WORKERS,
    // The worker's source is TypeScript; found from here, not from where the command was called.
    execArgv: ['--import', import.meta.resolve('tsx')],
  });
  return threads.run(task);
}
