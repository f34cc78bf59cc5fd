import { BusanaError, type Problem } from '@busana/contracts';
import { join } from 'node:path';
import { readImageBytes } from '../data/bytes.ts';
import { contentHash, hashOfBytes } from '../data/content-hash.ts';
import type { Photo } from '../data/dataset.ts';
import { preparePicture, resizeIdentity } from '../image/resize.ts';
import { inParallel } from '../parallel.ts';
import { RecordCache } from '../records/record-cache.ts';
import type { Place } from '../records/segment.ts';
import { augmentInThread } from './augment-threads.ts';
import { augmentBatch, type AugmentTask } from './augment-worker.ts';

export interface PhotoStoreOptions {
  /** Side of the square pictures, in pixels. */
  readonly size: number;
  /** Folder in which decoded photos are kept between runs; by default they are kept for this store alone. */
  readonly cache?: string;
  readonly onProgress?: (done: number, total: number) => void;
  /** Told when the cache cannot be used. */
  readonly onNotice?: (message: string) => void;
  readonly signal?: AbortSignal;
}

/** A batch to be filled. */
export interface AugmentRequest extends Omit<AugmentTask, 'places' | 'size'> {
  /** Positions in the store. */
  readonly indices: readonly number[];
}

/**
 * Every photo of a data set, decoded and resized once: uint8 `[size, size, 3]` each, on disk, by the hash of the photo's
 * content. What the system's memory has room for is read from there; what this process holds does not grow with it.
 */
export class PhotoStore {
  readonly size: number;
  readonly count: number;
  readonly #photos: readonly Photo[];
  /** Hash of each photo's content. */
  readonly #keys: readonly string[];
  readonly #records: RecordCache;
  /** What worker threads read from the records for this store. */
  readonly #reading = new Set<Promise<number[]>>();

  private constructor(size: number, photos: readonly Photo[], keys: readonly string[], records: RecordCache) {
    this.size = size;
    this.count = photos.length;
    this.#photos = photos;
    this.#keys = keys;
    this.#records = records;
  }

  /**
   * Decodes what the cache does not have yet. A run that was stopped half-way left what it had decoded.
   * @throws BusanaError DATA_INVALID listing every photo that cannot be read; INTERRUPTED; OUTPUT_UNWRITABLE when
   * neither the cache nor the temporary folder has room
   */
  static async create(photos: readonly Photo[], options: PhotoStoreOptions): Promise<PhotoStore> {
    const { size, cache, onProgress, onNotice, signal } = options;
    const problems: Problem[] = [];
    const keys = new Array<string>(photos.length).fill('');
    let done = 0;
    const progress = (): void => onProgress?.((done += 1), photos.length);
    const each = (positions: readonly number[], work: (index: number) => Promise<void>): Promise<void> =>
      inParallel(positions, async (index) => {
        if (signal?.aborted === true) throw new BusanaError('INTERRUPTED', 'stopped while reading photos');
        try {
          await work(index);
        } catch (error) {
          if (!(error instanceof BusanaError) || error.code === 'OUTPUT_UNWRITABLE') throw error;
          problems.push({ file: photos[index]!.name, message: error.message });
          progress();
        }
      });
    const all = photos.map((_, index) => index);
    await each(all, async (index) => void (keys[index] = await contentHash(photos[index]!.location)));
    const folder = cache === undefined ? undefined : join(cache, 'photos', resizeIdentity(size));
    const records = await RecordCache.open(
      { folder, length: size * size * 3, what: 'decoded photos', ...(onNotice && { onNotice }) },
      keys.filter((key) => key !== ''),
    );
    try {
      const store = new PhotoStore(size, photos, keys, records);
      const missing = new Map<string, number>();
      for (const index of all) {
        const key = keys[index]!;
        if (key === '') continue;
        if (records.find(key) === undefined && !missing.has(key)) missing.set(key, index);
        else progress();
      }
      await each([...missing.values()], async (index) => {
        await store.#decode(index);
        progress();
      });
      if (problems.length === 0) return store;
    } catch (error) {
      await records.release();
      throw error;
    }
    await records.release();
    throw new BusanaError('DATA_INVALID', `${problems.length} photos cannot be read`, { problems });
  }

  /** Pictures as they are: `[indices.length, size, size, 3]`, in a buffer of their own or at the start of that given. */
  async read(indices: readonly number[], into?: Uint8Array): Promise<Uint8Array> {
    const length = indices.length * this.size * this.size * 3;
    const images = into?.subarray(0, length) ?? new Uint8Array(length);
    await this.#fill({ into: images, indices, first: 0, policy: [], stream: '' }, (task) =>
      Promise.resolve(augmentBatch(task)),
    );
    return images;
  }

  /** Fills a buffer with augmented pictures in a worker thread; at once where there is nothing to draw. */
  async augment(request: AugmentRequest): Promise<void> {
    if (request.policy.length === 0) {
      await this.read(request.indices, request.into);
      return;
    }
    await this.#fill(request, async (task) => {
      const reading = augmentInThread(task);
      this.#reading.add(reading);
      return reading.finally(() => this.#reading.delete(reading));
    });
  }

  /** When the worker threads have read what they are at: closes files and removes temporary ones. */
  async release(): Promise<void> {
    await Promise.allSettled(this.#reading);
    await this.#records.release();
  }

  /** Where a record turns out to be damaged, its photo is decoded again. */
  async #fill({ indices, ...request }: AugmentRequest, draw: (task: AugmentTask) => Promise<number[]>): Promise<void> {
    const attempt = (): Promise<number[]> =>
      draw({ ...request, size: this.size, places: indices.map((index) => this.#place(index)) });
    const damaged = await attempt();
    if (damaged.length === 0) return;
    for (const position of damaged) await this.#decode(indices[position]!);
    if ((await attempt()).length > 0) {
      throw new BusanaError('OUTPUT_UNWRITABLE', 'decoded photos are read back otherwise than they were written', {
        remedy: 'Check the disk of the cache folder, or name a folder on another one with --cache.',
      });
    }
  }

  #place(index: number): Place {
    const place = this.#records.find(this.#keys[index]!);
    if (place === undefined) throw new BusanaError('INTERNAL', `photo ${index} has not been decoded`);
    return place;
  }

  /** @throws BusanaError as {@link PhotoStore.create}; DATA_INVALID when it is another photo than before */
  async #decode(index: number): Promise<void> {
    const { location, name } = this.#photos[index]!;
    const bytes = await readImageBytes(location);
    if (hashOfBytes(location, bytes) !== this.#keys[index]) {
      throw new BusanaError('DATA_INVALID', `the photo ${name} has changed since the run began`, {
        remedy: 'Run again.',
      });
    }
    await this.#records.put(this.#keys[index], (await preparePicture(bytes, this.size)).data);
  }
}
