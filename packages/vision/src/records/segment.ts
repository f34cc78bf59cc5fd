/**
 * @file What one process has written into a cache of records: a file of records of one length, and a list of their keys
 * beside it. Only the process that made a segment writes to it, so that runs at the same time never share a file.
 */
import { randomUUID } from 'node:crypto';
import { readSync } from 'node:fs';
import { open, readFile, rm, utimes, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

/** Where a record lies. Plain data: descriptors belong to the process, so a worker thread reads by it too. */
export interface Place {
  /** Descriptor of an open file. */
  readonly file: number;
  /** In bytes. */
  readonly position: number;
  /** CRC-32 of the record. */
  readonly checksum: number;
}

/** Bytes of a key: a SHA-256. */
const KEY = 32;
/** An entry of the list: key, checksum of the record, checksum of the entry so far. */
const ENTRY = KEY + 4 + 4;

export const RECORDS = '.records';
export const KEYS = '.keys';

export class Segment {
  /** Path of both files without their ends. */
  readonly path: string;
  readonly #length: number;
  readonly #records: FileHandle;
  /** Undefined in a segment of an earlier process, which is only read. */
  readonly #keys: FileHandle | undefined;
  #count = 0;

  private constructor(path: string, length: number, records: FileHandle, keys?: FileHandle) {
    this.path = path;
    this.#length = length;
    this.#records = records;
    this.#keys = keys;
  }

  /** A new segment. @param length of a record, in bytes @throws the error of the file system */
  static async create(folder: string, length: number): Promise<Segment> {
    const path = join(folder, randomUUID());
    const records = await open(`${path}${RECORDS}`, 'wx+');
    try {
      return new Segment(path, length, records, await open(`${path}${KEYS}`, 'wx+'));
    } catch (error) {
      await records.close();
      await rm(`${path}${RECORDS}`, { force: true });
      throw error;
    }
  }

  /**
   * A segment that is there, and where it has which of the wanted records. A process that was stopped leaves a list
   * without the last record, perhaps with half an entry: whatever does not agree with its own checksum does not count.
   * @throws the error of the file system, e.g. when another process has removed it
   */
  static async read(
    path: string,
    length: number,
    wanted: ReadonlySet<string>,
  ): Promise<{ segment: Segment; places: Map<string, Place> }> {
    const keys = await readFile(`${path}${KEYS}`);
    const segment = new Segment(path, length, await open(`${path}${RECORDS}`, 'r'));
    const places = new Map<string, Place>();
    for (let start = 0; start + ENTRY <= keys.length; start += ENTRY) {
      const entry = keys.subarray(start, start + ENTRY);
      const key = entry.toString('hex', 0, KEY);
      if (!wanted.has(key) || entry.readUInt32LE(KEY + 4) !== crc32(entry.subarray(0, KEY + 4))) continue;
      places.set(key, segment.#place(start / ENTRY, entry.readUInt32LE(KEY)));
    }
    return { segment, places };
  }

  /** Writes a record, then its entry: an entry says that the record is there. @param key hexadecimal SHA-256 */
  async append(key: string, record: Uint8Array): Promise<Place> {
    if (this.#keys === undefined) throw new Error(`${this.path} is only read`);
    const position = this.#count;
    this.#count += 1;
    const place = this.#place(position, crc32(record));
    await writeAll(this.#records, record, place.position);
    const entry = Buffer.alloc(ENTRY);
    entry.write(key, 'hex');
    entry.writeUInt32LE(place.checksum, KEY);
    entry.writeUInt32LE(crc32(entry.subarray(0, KEY + 4)), KEY + 4);
    await writeAll(this.#keys, entry, position * ENTRY);
    return place;
  }

  /** Descriptor of the records. */
  get file(): number {
    return this.#records.fd;
  }

  /** Marks the segment as used: what has not been for longest is removed first. */
  async touch(): Promise<void> {
    const now = new Date();
    // A cache that is only read cannot be marked, nor need it be.
    await utimes(`${this.path}${RECORDS}`, now, now).catch(() => undefined);
  }

  async close(): Promise<void> {
    await this.#records.close();
    await this.#keys?.close();
  }

  /** Removes both files; what is open stays readable where the system allows it. */
  async remove(): Promise<void> {
    await removeSegment(this.path);
  }

  #place(position: number, checksum: number): Place {
    return { file: this.file, position: position * this.#length, checksum };
  }
}

/** Removes the files of a segment. The list goes first: without it, the records count for nothing. */
export async function removeSegment(path: string): Promise<void> {
  for (const end of [KEYS, RECORDS]) await rm(`${path}${end}`, { force: true });
}

/** Reads a record into a buffer of its length. @returns whether it is what was written */
export function readRecord({ file, position, checksum }: Place, into: Uint8Array): boolean {
  return readSync(file, into, 0, into.length, position) === into.length && crc32(into) === checksum;
}

/** A disk that fills up begins with a short write. */
async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    done += (await file.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
  }
}
