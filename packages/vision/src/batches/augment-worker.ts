/** @file The worker thread: reads pictures from disk and fills one slot of a shared buffer with them, augmented. */
import { Random } from '@busana/engine';
import { augment } from '../image/augment/apply.ts';
import type { AugmentationPolicy } from '../image/augment/policy.ts';
import { readRecord, type Place } from '../records/segment.ts';

export interface AugmentTask {
  /** Where each picture, uint8 `[size, size, 3]`, lies. */
  readonly places: readonly Place[];
  readonly size: number;
  /** uint8 `[places.length, size, size, 3]`, shared where a worker is to fill it; written. */
  readonly into: Uint8Array;
  /** Position of each picture in the epoch: a photo that is seen twice is drawn twice. */
  readonly first: number;
  readonly policy: AugmentationPolicy;
  /** Name of the random stream, e.g. seed, run and epoch. */
  readonly stream: string;
}

/**
 * Randomness is named by stream and position: the result does not depend on the number of threads.
 * @returns positions in the batch of records that are damaged
 */
export function augmentBatch({ places, size, into, first, policy, stream }: AugmentTask): number[] {
  const length = size * size * 3;
  const damaged: number[] = [];
  places.forEach((place, position) => {
    const data = into.subarray(position * length, (position + 1) * length);
    if (!readRecord(place, data)) damaged.push(position);
    else if (policy.length > 0) {
      const random = Random.of(stream, 'augment', first + position);
      data.set(augment({ width: size, height: size, data }, policy, random).data);
    }
  });
  return damaged;
}
