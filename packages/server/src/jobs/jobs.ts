/** @file What requests need of jobs: to add some, to hear of them, and that somebody begins at once. */
import type { Changes } from './changes.ts';
import type { JobQueue } from './queue.ts';

export interface Jobs {
  readonly queue: JobQueue;
  readonly changes: Changes;
  /** There is a new job, or one that nobody wants any more. */
  readonly wake: () => void;
}
