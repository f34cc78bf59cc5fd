/** @file The photos of the catalogue, each once, under the hash of what it contains; and what is on its way there. */
import { BusanaError } from '@busana/contracts';
import {
  closeZip,
  hashOf,
  inspectPhoto,
  makeFolder,
  readImageBytes,
  thumbnail,
  type ImageLocation,
  type PhotoHeader,
} from '@busana/vision';
import { randomUUID } from 'node:crypto';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { damaged, type LocalFiles } from '../storage/local-files.ts';
import { readObject, type Storage } from '../storage/storage.ts';
import type { PhotoLocation } from './location.ts';
import { receive, type Limit, type Upload } from './receive.ts';

/** A photo that is kept. */
export interface StoredPhoto extends PhotoHeader {
  readonly hash: string;
  readonly bytes: number;
}

/** An archive in the storage, and where it can be read on this machine for now. */
export interface StoredArchive {
  readonly key: string;
  readonly path: string;
}

/** 32 MiB: more than any phone's photo. */
export const LARGEST_PHOTO = 32 * 2 ** 20;
/** 8 GiB: some hundred thousand photos. */
export const LARGEST_ARCHIVE = 8 * 2 ** 30;
/** Longest side of a thumbnail, in pixels: a card of a list on a screen with two pixels a point. */
const THUMBNAIL_SIDE = 400;
/** What nobody has touched for so long was left by a process that ended: milliseconds. */
const ABANDONED = 24 * 3_600_000;

export class PhotoStore {
  readonly #files: LocalFiles;
  readonly #storage: Storage;
  /** Files on their way in. */
  readonly #uploads: string;

  private constructor(files: LocalFiles, uploads: string) {
    this.#files = files;
    this.#storage = files.storage;
    this.#uploads = uploads;
  }

  /**
   * @param uploads folder of what is on its way in, on the disk of the storage where that is a folder; made where missing
   * @throws BusanaError OUTPUT_UNWRITABLE
   */
  static async open(files: LocalFiles, uploads: string): Promise<PhotoStore> {
    await makeFolder(uploads);
    await removeAbandoned(uploads);
    return new PhotoStore(files, uploads);
  }

  /** @throws BusanaError as {@link receive} */
  receive(stream: Readable, limit: Limit): Promise<Upload> {
    return receive(stream, this.#uploads, limit);
  }

  /**
   * An archive stays in the storage until its photos have been read.
   * @param folder of the storage
   * @throws as {@link receive}; BusanaError STORAGE_UNAVAILABLE
   */
  async receiveArchive(stream: Readable, limit: Limit, folder = 'archives'): Promise<StoredArchive> {
    const { path, discard } = await receive(stream, this.#uploads, limit);
    try {
      const key = `${folder}/${randomUUID()}.zip`;
      return { key, path: await this.#files.keep(key, path) };
    } finally {
      await discard();
    }
  }

  /** Where an archive can be read on this machine, for now. @throws BusanaError DATA_NOT_FOUND, STORAGE_UNAVAILABLE */
  async localArchive(key: string): Promise<string> {
    const path = await this.#files.path(key);
    if (path === undefined) throw new BusanaError('DATA_NOT_FOUND', `${key} is not in the storage any more`);
    return path;
  }

  /** Lets go of it as well: only then its space is free. */
  async removeArchive(key: string): Promise<void> {
    await closeZip(this.#files.where(key));
    await this.#files.remove(key);
  }

  /** Removes archives that were left. @param used keys of those that are needed */
  async removeArchives(used: ReadonlySet<string>): Promise<void> {
    for await (const { key, modified } of this.#storage.list('archives/')) {
      if (!used.has(key) && Date.now() - modified.getTime() > ABANDONED) await this.removeArchive(key);
    }
  }

  /**
   * Keeps an upload that is a photo, by its content; the same photo again is the one that is there. The upload is gone
   * afterwards in any case.
   * @throws BusanaError IMAGE_UNREADABLE, IMAGE_TOO_LARGE, OUTPUT_UNWRITABLE, STORAGE_UNAVAILABLE
   */
  async keep({ path, hash, bytes, discard }: Upload): Promise<StoredPhoto> {
    try {
      const header = await inspectPhoto(await readFile(path));
      await this.#files.keep(photoKey(hash), path, { known: true });
      return { hash, bytes, ...header };
    } finally {
      await discard();
    }
  }

  /** Removes a photo that nothing refers to any more, and what was drawn of it. */
  async remove(hash: string): Promise<void> {
    await this.#files.remove(photoKey(hash));
    await this.#storage.remove(thumbnailKey(hash));
  }

  /** The file of a photo, proved to be what its name says. @throws BusanaError PHOTO_NOT_FOUND, OBJECT_DAMAGED, STORAGE_UNAVAILABLE */
  async read(hash: string): Promise<Buffer> {
    const key = photoKey(hash);
    const bytes = await readObject(this.#storage, key);
    if (bytes === undefined) throw missing(hash);
    if (hashOf([bytes]) !== hash) throw damaged(this.#storage, key);
    return bytes;
  }

  /** A JPEG of {@link THUMBNAIL_SIDE}, drawn when it is first asked for. @throws BusanaError as {@link read} */
  async thumbnail(hash: string): Promise<Uint8Array> {
    const key = thumbnailKey(hash);
    const before = await readObject(this.#storage, key);
    if (before !== undefined) return before;
    const drawn = await thumbnail({ location: { kind: 'file', path: await this.local(hash) } }, THUMBNAIL_SIDE);
    if (drawn === undefined) throw missing(hash);
    // Where there is no room to keep it, it can be seen all the same.
    await this.#storage.put(key, drawn).catch(expectRoom);
    return drawn;
  }

  /** Where a photo is, if it is there, when the storage is a folder of this machine; undefined otherwise. */
  place(hash: string): string | undefined {
    return this.#storage.place(photoKey(hash));
  }

  /**
   * Where a photo can be read on this machine, for now ({@link LocalFiles.path}).
   * @throws BusanaError PHOTO_NOT_FOUND, OBJECT_DAMAGED, OUTPUT_UNWRITABLE, STORAGE_UNAVAILABLE
   */
  async local(hash: string): Promise<string> {
    const path = await this.#files.path(photoKey(hash), hash);
    if (path === undefined) throw missing(hash);
    return path;
  }

  /** @throws BusanaError IMAGE_UNREADABLE, ARCHIVE_INVALID, IMAGE_TOO_LARGE; STORAGE_UNAVAILABLE, OUTPUT_UNWRITABLE */
  async readLocation(location: PhotoLocation): Promise<Uint8Array> {
    return readImageBytes(await this.#locate(location));
  }

  async #locate(location: PhotoLocation): Promise<ImageLocation> {
    if (location.kind !== 'stored' && location.kind !== 'packed') return location;
    const key = location.kind === 'stored' ? location.key : location.archive;
    const path = await this.#files.path(key);
    if (path === undefined) throw new BusanaError('IMAGE_UNREADABLE', `${key} is not in the storage any more`);
    return location.kind === 'stored' ? { kind: 'file', path } : { kind: 'zip', archive: path, entry: location.entry };
  }
}

/** What a process that ended has left in a folder. One that is alive may be writing there. */
async function removeAbandoned(folder: string): Promise<void> {
  for (const path of (await readdir(folder)).map((name) => join(folder, name))) {
    const touched = (await stat(path).catch(() => undefined))?.mtimeMs ?? Date.now();
    if (Date.now() - touched > ABANDONED) await rm(path, { force: true });
  }
}

/** Where a photo is in the storage. @throws BusanaError PHOTO_NOT_FOUND: nothing else becomes part of a key */
export function photoKey(hash: string): string {
  return `photos/${expectHash(hash).slice(0, 2)}/${hash}`;
}

function thumbnailKey(hash: string): string {
  return `thumbnails/${expectHash(hash).slice(0, 2)}/${hash}.jpg`;
}

function expectHash(hash: string): string {
  if (/^[0-9a-f]{64}$/.test(hash)) return hash;
  throw missing(hash);
}

function expectRoom(error: unknown): void {
  if (!(error instanceof BusanaError)) throw error;
}

function missing(hash: string): BusanaError {
  return new BusanaError('PHOTO_NOT_FOUND', `there is no photo ${hash}`);
}
