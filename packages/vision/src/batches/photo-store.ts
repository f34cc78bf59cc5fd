import { BusanaError, type Problem } from '@busana/contracts';
import { Piscina } from 'piscina';
import { readImageBytes } from '../data/bytes.ts';
import type { Photo } from '../data/dataset.ts';
import { preparePicture } from '../image/resize.ts';
import { augmentBatch, type AugmentTask } from './augment-worker.ts';

export interface PhotoStoreOptions {
  /** Side of the square pictures, in pixels. */
  readonly size: number;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** Photos in flight at once: enough to keep the decoder's threads busy, few enough to bound memory. */
const IN_FLIGHT = 16;
/** The training step has the cores; augmenting needs a small part of one. */
const WORKERS = 2;

/** Every photo of a data set, decoded and resized once: uint8 `[count, size, size, 3]` in shared memory. */
export class PhotoStore {
  readonly size: number;
  readonly count: number;
  /** Shared with worker threads. */
  readonly pictures: Uint8Array<SharedArrayBuffer>;
  #workers: Piscina<AugmentTask, void> | undefined;

  private constructor(size: number, count: number) {
    this.size = size;
    this.count = count;
    this.pictures = new Uint8Array(new SharedArrayBuffer(count * size * size * 3));
  }

  /** @throws BusanaError DATA_INVALID listing every photo that cannot be read; INTERRUPTED */
  static async create(photos: readonly Photo[], { size, onProgress, signal }: PhotoStoreOptions): Promise<PhotoStore> {
    const store = new PhotoStore(size, photos.length);
    const problems: Problem[] = [];
    let [next, done] = [0, 0];
    const work = async (): Promise<void> => {
      while (next < photos.length) {
        if (signal?.aborted === true) throw new BusanaError('INTERRUPTED', 'stopped while reading photos');
        const index = next;
        next += 1;
        const photo = photos[index]!;
        try {
          store.pictures.set(
            (await preparePicture(await readImageBytes(photo.location), size)).data,
            store.#offset(index),
          );
        } catch (error) {
          if (!(error instanceof BusanaError)) throw error;
          problems.push({ file: photo.name, message: error.message });
        }
        done += 1;
        onProgress?.(done, photos.length);
      }
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, work));
    if (problems.length > 0) {
      throw new BusanaError('DATA_INVALID', `${problems.length} photos cannot be read`, { problems });
    }
    return store;
  }

  /** One picture, not copied: `[size, size, 3]`. */
  picture(index: number): Uint8Array {
    return this.pictures.subarray(this.#offset(index), this.#offset(index + 1));
  }

  /** Pictures as they are, copied: `[indices.length, size, size, 3]`. */
  read(indices: readonly number[]): Promise<Uint8Array> {
    const length = this.size * this.size * 3;
    const images = new Uint8Array(indices.length * length);
    indices.forEach((index, position) => images.set(this.picture(index), position * length));
    return Promise.resolve(images);
  }

  /** Fills a buffer with augmented pictures in a worker thread; at once where there is nothing to draw. */
  async augment(task: AugmentTask): Promise<void> {
    if (task.policy.length === 0) return augmentBatch(task);
    this.#workers ??= new Piscina({
      filename: new URL('./augment-worker.ts', import.meta.url).href,
      name: 'augmentBatch',
      // An idle worker is kept: a new one would have to load its sources again.
      minThreads: WORKERS,
      maxThreads: WORKERS,
      // The worker's source is TypeScript; found from here, not from where the command was called.
      execArgv: ['--import', import.meta.resolve('tsx')],
    });
    await this.#workers.run(task);
  }

  /** Ends the worker threads. */
  async release(): Promise<void> {
    await this.#workers?.destroy();
    this.#workers = undefined;
  }

  #offset(index: number): number {
    return index * this.size * this.size * 3;
  }
}
