/** @file Records of one length by key, kept on disk between runs, or for this run alone where that is impossible. */
import { BusanaError } from '@busana/contracts';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { makeFolder, unwritable } from '../output/write.ts';
import { freeBytes, LIMIT, removeOldest } from './limit.ts';
import { KEYS, Segment, type Place } from './segment.ts';

export interface RecordCacheOptions {
  /** Folder for this kind of record; undefined keeps nothing after {@link RecordCache.release}. */
  readonly folder: string | undefined;
  /** Length of a record, in bytes. */
  readonly length: number;
  /** What the records are, for messages, e.g. `decoded photos`. */
  readonly what: string;
  /** Bytes that the folder above, of all kinds, may hold; default {@link LIMIT}. */
  readonly limit?: number;
  /** Told when the folder cannot be used and a temporary one is. */
  readonly onNotice?: (message: string) => void;
}

/** What a user can do; without a folder of their choice there is none to be named. */
function remedyFor(folder: string | undefined): string {
  return folder === undefined
    ? 'Free space there.'
    : 'Free space there, or name a folder on another disk with --cache.';
}

/**
 * Several processes may use one folder: each writes segments of its own and reads those of all. A record is found by the
 * newest segment that has it.
 */
export class RecordCache {
  readonly #options: RecordCacheOptions;
  readonly #places: Map<string, Place>;
  readonly #segments: Segment[];
  #written: Promise<Segment> | undefined;
  /** The folder that is written to; undefined once it has failed. */
  #folder: string | undefined;
  #temporary: string | undefined;

  private constructor(options: RecordCacheOptions, segments: Segment[], places: Map<string, Place>) {
    this.#options = options;
    this.#folder = options.folder;
    this.#segments = segments;
    this.#places = places;
  }

  /**
   * Finds what is there of the records a run is about, and makes room for those that are missing: by removing what has
   * not been used for longest, else by going to the temporary folder.
   * @param keys hexadecimal SHA-256, any of them more than once
   * @throws BusanaError OUTPUT_UNWRITABLE when there is no room in the temporary folder either
   */
  static async open(options: RecordCacheOptions, keys: readonly string[]): Promise<RecordCache> {
    const { folder, length } = options;
    const wanted = new Set(keys);
    const segments: Segment[] = [];
    const places = new Map<string, Place>();
    for (const path of folder === undefined ? [] : await oldestFirst(folder)) {
      // Whatever cannot be read, e.g. because another process has just removed it, is made anew.
      const found = await Segment.read(path, length, wanted).catch(() => undefined);
      if (found === undefined) continue;
      for (const [key, place] of found.places) places.set(key, place);
      segments.push(found.segment);
    }
    const files = new Set([...places.values()].map(({ file }) => file));
    for (const segment of segments) await (files.has(segment.file) ? segment.touch() : segment.close());
    const used = segments.filter(({ file }) => files.has(file));
    const cache = new RecordCache(options, used, places);
    try {
      const missing = (wanted.size - places.size) * length;
      if (missing > 0) await cache.#makeRoom(missing);
      return cache;
    } catch (error) {
      await cache.release();
      throw error;
    }
  }

  /** Where the record of a key lies; undefined when there is none. */
  find(key: string): Place | undefined {
    return this.#places.get(key);
  }

  async #makeRoom(bytes: number): Promise<void> {
    const { what, folder, limit = LIMIT } = this.#options;
    if (folder !== undefined) {
      try {
        await makeFolder(folder);
        const used = new Set(this.#segments.map(({ path }) => path));
        await removeOldest(dirname(folder), { adding: bytes, used, limit });
        const free = await freeBytes(folder);
        if (free === undefined || free > bytes) return;
        this.#giveUp(`${size(bytes)} are needed and ${size(free)} are free`);
      } catch (cause) {
        this.#giveUp(cause instanceof Error ? cause.message : String(cause));
      }
    }
    const free = await freeBytes(tmpdir());
    if (free === undefined || free > bytes) return;
    const tried = folder === undefined ? tmpdir() : `${folder} or ${tmpdir()}`;
    const message = `${what} need ${size(bytes)}, more than are free in ${tried}`;
    throw new BusanaError('OUTPUT_UNWRITABLE', message, { remedy: remedyFor(folder) });
  }

  /** Keeps a record. @param key hexadecimal SHA-256 @throws BusanaError OUTPUT_UNWRITABLE */
  async put(key: string, record: Uint8Array): Promise<Place> {
    if (this.#folder !== undefined) {
      const folder = this.#folder;
      try {
        return await this.#append(key, record, () => createIn(folder, this.#options.length));
      } catch (cause) {
        // Photos in flight fail together; the first to notice says so.
        if (folder === this.#folder) this.#giveUp(cause instanceof Error ? cause.message : String(cause));
      }
    }
    try {
      return await this.#append(key, record, () => this.#createTemporary());
    } catch (cause) {
      const { what, folder } = this.#options;
      const { message } = unwritable(this.#temporary ?? tmpdir(), cause);
      throw new BusanaError('OUTPUT_UNWRITABLE', `${what}: ${message}`, { remedy: remedyFor(folder), cause });
    }
  }

  /** Closes every file, and removes temporary ones. */
  async release(): Promise<void> {
    const segments = this.#segments.splice(0);
    for (const segment of segments) await segment.close();
    if (this.#temporary !== undefined) await rm(this.#temporary, { recursive: true, force: true });
  }

  async #append(key: string, record: Uint8Array, create: () => Promise<Segment>): Promise<Place> {
    this.#written ??= create().then((segment) => {
      this.#segments.push(segment);
      return segment;
    });
    const place = await (await this.#written).append(key, record);
    this.#places.set(key, place);
    return place;
  }

  async #createTemporary(): Promise<Segment> {
    this.#temporary = await mkdtemp(join(tmpdir(), 'busana-'));
    const segment = await Segment.create(this.#temporary, this.#options.length);
    // Without a name, the system gives the space back however the process ends. Windows keeps it until then.
    await segment.remove().catch(() => undefined);
    return segment;
  }

  #giveUp(reason: string): void {
    const { what, folder, onNotice } = this.#options;
    this.#folder = undefined;
    this.#written = undefined;
    onNotice?.(`${what} cannot be kept in ${folder}: ${reason}; for this run they are in ${tmpdir()}`);
  }
}

async function createIn(folder: string, length: number): Promise<Segment> {
  await makeFolder(folder);
  return Segment.create(folder, length);
}

/** Paths of the segments in a folder, without their ends. */
async function oldestFirst(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((): string[] => []);
  const paths = names.filter((name) => name.endsWith(KEYS)).map((name) => join(folder, name.slice(0, -KEYS.length)));
  const times = new Map<string, number>();
  for (const path of paths) times.set(path, (await stat(`${path}${KEYS}`).catch(() => undefined))?.mtimeMs ?? 0);
  return paths.sort((a, b) => times.get(a)! - times.get(b)!);
}

function size(bytes: number): string {
  return bytes < 1e9 ? `${Math.ceil(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
