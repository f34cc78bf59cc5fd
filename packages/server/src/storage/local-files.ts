/**
 * @file Files of the storage as paths on this machine, for what can only read paths: decoders in other threads, the
 * engine, readers of archives. In a folder of this machine they are there already; of any other storage copies are kept,
 * and those that nobody has used for the longest time go when there are too many.
 */
import { BusanaError } from '@busana/contracts';
import { hasCode, isThere, makeFolder, unwritable } from '@busana/vision';
import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { measuring } from './measuring.ts';
import { expectKey, type Storage } from './storage.ts';

export interface LocalOptions {
  /** Bytes of copies; more only while they are in use. */
  readonly bytes?: number;
  /** Milliseconds after which a copy that nobody has asked for is not in use. */
  readonly inUse?: number;
}

/** 8 GiB: some ten thousand photos, or the largest archive. */
const BYTES = 8 * 2 ** 30;
const IN_USE = 15 * 60_000;

export class LocalFiles {
  readonly storage: Storage;
  readonly #folder: string;
  readonly #bytes: number;
  readonly #inUse: number;
  /** Copies on their way, by key: whoever asks meanwhile waits for the same one. */
  readonly #coming = new Map<string, Promise<string | undefined>>();
  /** Bytes that came since the last look at all copies. */
  #came = Infinity;

  /** @param folder of copies, of this process alone or shared; made where missing */
  constructor(storage: Storage, folder: string, { bytes = BYTES, inUse = IN_USE }: LocalOptions = {}) {
    this.storage = storage;
    this.#folder = folder;
    this.#bytes = bytes;
    this.#inUse = inUse;
  }

  /**
   * Good for a while: whoever needs it for longer than {@link LocalOptions.inUse} copies or links it, or asks again.
   * @param hash SHA-256 that what the storage gives must have, in hexadecimal
   * @returns undefined where there is none
   * @throws BusanaError OBJECT_DAMAGED where the storage has another content; STORAGE_UNAVAILABLE, OUTPUT_UNWRITABLE
   */
  async path(key: string, hash?: string): Promise<string | undefined> {
    const copy = this.where(key);
    if (this.storage.place(key) !== undefined) return (await isThere(copy)) ? copy : undefined;
    if (await this.#touch(copy)) return copy;
    const coming = this.#coming.get(key) ?? this.#fetch(key, copy, hash).finally(() => this.#coming.delete(key));
    this.#coming.set(key, coming);
    return coming;
  }

  /**
   * Moves a file of this machine into the storage, so that a copy of it is here already.
   * @param known whether the key says what it contains: what is there already stays
   * @returns where it is now
   * @throws BusanaError STORAGE_UNAVAILABLE, OUTPUT_UNWRITABLE
   */
  async keep(key: string, path: string, { known = false } = {}): Promise<string> {
    const there = known && (await this.storage.has(key));
    if (!there) await this.storage.putFile(key, path);
    const copy = this.where(key);
    if (this.storage.place(key) !== undefined) return copy;
    await makeFolder(dirname(copy));
    const { size } = await stat(path);
    await rename(path, copy);
    await this.#make(size);
    return copy;
  }

  /** From the storage, and the copy here. */
  async remove(key: string): Promise<void> {
    await this.storage.remove(key);
    await this.forget(key);
  }

  /** Removes the copy, where there is one: nobody needs it any more, or it is damaged. */
  async forget(key: string): Promise<void> {
    if (this.storage.place(key) === undefined) await rm(this.where(key), { force: true });
  }

  /** Where it is on this machine, if it is. */
  where(key: string): string {
    return this.storage.place(key) ?? join(this.#folder, expectKey(key));
  }

  async #fetch(key: string, copy: string, hash: string | undefined): Promise<string | undefined> {
    const object = await this.storage.open(key);
    if (object === undefined) return undefined;
    const temporary = `${copy}.${randomUUID()}.tmp`;
    const measure = measuring();
    try {
      await makeFolder(dirname(copy));
      await pipeline(object.stream, measure, createWriteStream(temporary, { flags: 'wx' }));
      if (hash !== undefined && measure.measured().sha256 !== hash) throw damaged(this.storage, key);
      await rename(temporary, copy);
    } catch (cause) {
      await rm(temporary, { force: true });
      throw cause instanceof BusanaError ? cause : unwritable(copy, cause);
    }
    await this.#make(object.bytes);
    return copy;
  }

  /** Makes room, now and then. */
  async #make(came: number): Promise<void> {
    this.#came += came;
    if (this.#came < this.#bytes / 16) return;
    this.#came = 0;
    const found = await readdir(this.#folder, { recursive: true, withFileTypes: true });
    const copies = await Promise.all(
      found
        .filter((entry) => entry.isFile())
        .map(async ({ parentPath, name }) => {
          const path = join(parentPath, name);
          const state = await stat(path).catch(() => undefined);
          return { path, bytes: state?.size ?? 0, used: state?.mtimeMs ?? 0 };
        }),
    );
    let bytes = copies.reduce((sum, copy) => sum + copy.bytes, 0);
    for (const copy of copies.sort((a, b) => a.used - b.used)) {
      if (bytes <= this.#bytes || Date.now() - copy.used < this.#inUse) return;
      await rm(copy.path, { force: true });
      bytes -= copy.bytes;
    }
  }

  /** Whether it is there, and in use from now on. */
  async #touch(copy: string): Promise<boolean> {
    try {
      await utimes(copy, new Date(), new Date());
      return true;
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return false;
      throw error;
    }
  }
}

/** @returns BusanaError OBJECT_DAMAGED */
export function damaged(storage: Storage, key: string): BusanaError {
  return new BusanaError('OBJECT_DAMAGED', `${key} in ${storage.address} is not what its name says: it was changed, or its disk is failing`); // prettier-ignore
}
