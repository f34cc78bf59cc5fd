import { BusanaError } from '@busana/contracts';
import type { AugmentationPolicy } from '../image/augment/policy.ts';
import type { PhotoStore } from './photo-store.ts';

export interface BatchOptions {
  /** Positions in the store, in the order they are wanted. */
  readonly order: readonly number[];
  readonly batchSize: number;
  readonly policy: AugmentationPolicy;
  readonly seed: number;
  /** Distinguishes fits within a run. */
  readonly stream: string;
  readonly epoch: number;
}

export interface Batch {
  /** uint8 `[n, size, size, 3]`; valid until the next batch is asked for. */
  readonly images: Uint8Array;
  readonly indices: readonly number[];
}

/** Batches that are being made while the training step works on the one before. */
const LOOK_AHEAD = 3;

/** Batches in the given order, made ahead of time in worker threads. @throws BusanaError INTERNAL when a worker dies */
export async function* batches(
  store: Pick<PhotoStore, 'size' | 'augment'>,
  options: BatchOptions,
): AsyncGenerator<Batch> {
  const { order, batchSize, policy, seed, stream, epoch } = options;
  const length = batchSize * store.size * store.size * 3;
  const buffers = Array.from({ length: LOOK_AHEAD }, () => new Uint8Array(new SharedArrayBuffer(length)));
  // The runtime takes no shared memory: what is handed out is a copy, always in the same place.
  const images = new Uint8Array(length);
  const count = Math.ceil(order.length / batchSize);
  const make = async (batch: number): Promise<readonly number[]> => {
    const indices = order.slice(batch * batchSize, (batch + 1) * batchSize);
    const into = buffers[batch % buffers.length]!;
    await store.augment({ into, indices, first: batch * batchSize, policy, stream: `${seed}/${stream}/${epoch}` });
    return indices;
  };
  const pending: Promise<readonly number[]>[] = [];
  const begin = (batch: number): void => {
    const promise = make(batch);
    // A failure is raised where the batch is awaited; until then it must not count as unhandled.
    promise.catch(() => undefined);
    pending.push(promise);
  };
  try {
    for (let batch = 0; batch < Math.min(LOOK_AHEAD, count); batch += 1) begin(batch);
    for (let batch = 0; batch < count; batch += 1) {
      const indices = await pending.shift()!;
      images.set(buffers[batch % buffers.length]!);
      if (batch + LOOK_AHEAD < count) begin(batch + LOOK_AHEAD);
      yield { images: images.subarray(0, indices.length * store.size * store.size * 3), indices };
    }
  } catch (cause) {
    if (cause instanceof BusanaError) throw cause;
    throw new BusanaError('INTERNAL', `preparing photos failed: ${(cause as Error).message}`, { cause });
  } finally {
    await Promise.allSettled(pending);
  }
}
