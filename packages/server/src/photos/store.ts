/** @file The photos of the catalogue on disk, each once, under the hash of what it contains. */
import { BusanaError } from '@busana/contracts';
import {
  hasCode,
  inspectPhoto,
  isThere,
  makeFolder,
  thumbnail,
  unwritable,
  writeOutput,
  type PhotoHeader,
} from '@busana/vision';
import { createReadStream } from 'node:fs';
import { open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { receive, type Limit, type Upload } from './receive.ts';

/** A photo that is kept. */
export interface StoredPhoto extends PhotoHeader {
  readonly hash: string;
  readonly bytes: number;
}

/** 32 MiB: more than any phone's photo. */
export const LARGEST_PHOTO = 32 * 2 ** 20;
/** 8 GiB: some hundred thousand photos. */
export const LARGEST_ARCHIVE = 8 * 2 ** 30;
/** Longest side of a thumbnail, in pixels: a card of a list on a screen with two pixels a point. */
const THUMBNAIL_SIDE = 400;
/** Uploads that nobody has touched for so long were left by a process that ended: milliseconds. */
const ABANDONED = 24 * 3_600_000;

export class PhotoStore {
  readonly #folder: string;
  /** Files on their way in; on the same disk as the photos, so that they can be renamed. */
  readonly #uploads: string;
  readonly #archives: string;

  private constructor(folder: string) {
    this.#folder = folder;
    this.#uploads = join(folder, 'uploads');
    this.#archives = join(folder, 'archives');
  }

  /** @param folder made where missing @throws BusanaError OUTPUT_UNWRITABLE */
  static async open(folder: string): Promise<PhotoStore> {
    const store = new PhotoStore(folder);
    await makeFolder(store.#uploads);
    await makeFolder(store.#archives);
    await removeAbandoned(store.#uploads);
    return store;
  }

  /** @throws BusanaError as {@link receive} */
  receive(stream: Readable, limit: Limit): Promise<Upload> {
    return receive(stream, this.#uploads, limit);
  }

  /** An archive stays where it is until its photos have been read. @returns its path @throws as {@link receive} */
  async receiveArchive(stream: Readable, limit: Limit): Promise<string> {
    return (await receive(stream, this.#archives, limit)).path;
  }

  /** Removes archives that were left. @param used paths of those that are needed */
  removeArchives(used: ReadonlySet<string>): Promise<void> {
    return removeAbandoned(this.#archives, used);
  }

  /**
   * Keeps an upload that is a photo, by its content; the same photo again is the one that is there. The upload is gone
   * afterwards in any case.
   * @throws BusanaError IMAGE_UNREADABLE, IMAGE_TOO_LARGE, OUTPUT_UNWRITABLE
   */
  async keep({ path, hash, bytes, discard }: Upload): Promise<StoredPhoto> {
    try {
      const header = await inspectPhoto(await readFile(path));
      const place = this.path(hash);
      if (!(await isThere(place))) await this.#move(path, place);
      return { hash, bytes, ...header };
    } finally {
      await discard();
    }
  }

  /** Where a photo is, when it is there. */
  path(hash: string): string {
    return join(this.#folder, 'photos', expectHash(hash).slice(0, 2), hash);
  }

  /** Removes a photo that nothing refers to any more, and what was drawn of it. */
  async remove(hash: string): Promise<void> {
    await rm(this.path(hash), { force: true });
    await rm(this.#thumbnail(hash), { force: true });
  }

  /** The file of a photo. @throws BusanaError PHOTO_NOT_FOUND */
  async read(hash: string): Promise<Readable> {
    return this.#stream(this.path(hash), hash);
  }

  /** A JPEG of {@link THUMBNAIL_SIDE}, drawn when it is first asked for. @throws BusanaError PHOTO_NOT_FOUND */
  async thumbnail(hash: string): Promise<Readable> {
    const path = this.#thumbnail(hash);
    if (!(await isThere(path))) {
      const drawn = await thumbnail({ location: { kind: 'file', path: this.path(hash) } }, THUMBNAIL_SIDE);
      if (drawn === undefined) throw missing(hash);
      await writeOutput(path, drawn);
    }
    return this.#stream(path, hash);
  }

  #thumbnail(hash: string): string {
    return join(this.#folder, 'thumbnails', expectHash(hash).slice(0, 2), `${hash}.jpg`);
  }

  async #stream(path: string, hash: string): Promise<Readable> {
    const stream = createReadStream(path);
    await new Promise<void>((resolve, reject) => {
      stream.once('open', () => resolve());
      stream.once('error', (cause) => reject(hasCode(cause, 'ENOENT') ? missing(hash) : cause));
    });
    return stream;
  }

  /** On the disk before anybody is told that it is there. */
  async #move(from: string, to: string): Promise<void> {
    await makeFolder(dirname(to));
    try {
      const file = await open(from, 'r+');
      await file.sync().finally(() => file.close());
      await rename(from, to);
    } catch (cause) {
      throw unwritable(to, cause);
    }
  }
}

/** What a process that ended has left in a folder. One that is alive may be writing there. */
async function removeAbandoned(folder: string, used: ReadonlySet<string> = new Set()): Promise<void> {
  for (const path of (await readdir(folder)).map((name) => join(folder, name))) {
    const touched = (await stat(path).catch(() => undefined))?.mtimeMs ?? Date.now();
    if (!used.has(path) && Date.now() - touched > ABANDONED) await rm(path, { force: true });
  }
}

/** Nothing else becomes part of a path. */
function expectHash(hash: string): string {
  if (/^[0-9a-f]{64}$/.test(hash)) return hash;
  throw missing(hash);
}

function missing(hash: string): BusanaError {
  return new BusanaError('PHOTO_NOT_FOUND', `there is no photo ${hash}`);
}
