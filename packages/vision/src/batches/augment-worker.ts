/** @file The worker thread: fills one slot of a shared buffer with augmented pictures. */
import { Random } from '@busana/engine';
import { augment } from '../image/augment/apply.ts';
import type { AugmentationPolicy } from '../image/augment/policy.ts';

export interface AugmentTask {
  /** uint8 `[count, size, size, 3]`, shared. */
  readonly pictures: Uint8Array<SharedArrayBuffer>;
  readonly size: number;
  /** uint8 `[indices.length, size, size, 3]`, shared; written. */
  readonly into: Uint8Array<SharedArrayBuffer>;
  readonly indices: readonly number[];
  /** Position of each picture in the epoch: a photo that is seen twice is drawn twice. */
  readonly first: number;
  readonly policy: AugmentationPolicy;
  /** Name of the random stream, e.g. seed, run and epoch. */
  readonly stream: string;
}

/** Randomness is named by stream and position: the result does not depend on the number of threads. */
export function augmentBatch({ pictures, size, into, indices, first, policy, stream }: AugmentTask): void {
  const length = size * size * 3;
  indices.forEach((index, position) => {
    const data = pictures.subarray(index * length, (index + 1) * length);
    const random = Random.of(stream, 'augment', first + position);
    into.set(augment({ width: size, height: size, data }, policy, random).data, position * length);
  });
}
