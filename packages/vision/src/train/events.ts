import type { EpochRow } from './results.ts';

/** What a run reports while it works: a closed list, so that a listener can be total over it. */
export type RunEvent =
  | { readonly type: 'notice'; readonly message: string }
  | { readonly type: 'folder'; readonly path: string }
  | { readonly type: 'prepare'; readonly done: number; readonly total: number }
  | { readonly type: 'job'; readonly job: JobName; readonly position: number; readonly jobs: number }
  | {
      readonly type: 'batch';
      readonly job: JobName;
      readonly epoch: number;
      readonly done: number;
      readonly total: number;
    }
  | { readonly type: 'epoch'; readonly row: EpochRow; readonly epochs: number; readonly secondsLeft: number };

/** One fit of one arm: a fold of a cross-validation, or the only one. */
export interface JobName {
  readonly arm: string;
  /** 1 = the first fold; 0 when there is a single split; 'all' when trained on every photo. */
  readonly fold: number | 'all';
}

export type Listener = (event: RunEvent) => void;
