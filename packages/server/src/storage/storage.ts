/**
 * @file Where the files of a shop are kept: a folder, or an object storage that many machines share. What is kept is
 * never changed, only replaced or removed as a whole.
 *
 * Keys: `photos/ab/ab…` and `thumbnails/ab/ab….jpg` by the hash of the photo, `models/….onnx` with `models/….md` beside
 * it, `archives/…` of imports, `trainings/archives/…`, and `progress/…` of trainings that are not done. In a folder they
 * are paths.
 */
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

/** What every implementation promises is in `test/storage.test.ts`. All failures are of those named here. */
export interface Storage {
  /** For people, without secrets: a path, or `s3://bucket/prefix`. */
  readonly address: string;
  /** Writes it whole or not at all. @throws BusanaError OUTPUT_UNWRITABLE, STORAGE_UNAVAILABLE */
  readonly put: (key: string, bytes: Uint8Array) => Promise<void>;
  /** The same of a file on this machine, of any size, which may be moved: it is the storage's from now on. */
  readonly putFile: (key: string, path: string) => Promise<void>;
  /** Undefined where there is none. @throws BusanaError STORAGE_UNAVAILABLE, here or from the stream */
  readonly open: (key: string) => Promise<StoredObject | undefined>;
  readonly has: (key: string) => Promise<boolean>;
  /** What is not there is removed already. */
  readonly remove: (key: string) => Promise<void>;
  /** In the order of their keys. @param prefix folder, ending in `/`; or empty for all */
  readonly list: (prefix: string) => AsyncIterable<ListedObject>;
  /** Where it lies, when it lies on a disk of this machine; undefined otherwise. */
  readonly place: (key: string) => string | undefined;
}

export interface StoredObject {
  readonly stream: Readable;
  readonly bytes: number;
}

export interface ListedObject {
  readonly key: string;
  readonly bytes: number;
  readonly modified: Date;
}

/** All of it; undefined where there is none. @throws BusanaError STORAGE_UNAVAILABLE */
export async function readObject(storage: Storage, key: string): Promise<Buffer | undefined> {
  const object = await storage.open(key);
  return object && buffer(object.stream);
}

/** Keys are made of what the server itself has named; whatever else is in one leads nowhere. */
export function expectKey(key: string): string {
  if (/^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/.test(key)) return key;
  throw new Error(`'${key}' is not a key of the storage`);
}
