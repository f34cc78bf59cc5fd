/** @file Files of a shop in an S3-compatible object storage. Loaded late: a shop in a folder does without the client. */
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  paginateListObjectsV2,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { BusanaError } from '@busana/contracts';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { expectKey, type ListedObject, type Storage, type StoredObject } from './storage.ts';
import type { S3Address } from './s3-address.ts';
import { wholeBody } from './s3-body.ts';
import { isMissing, s3Failure } from './s3-failure.ts';
import { withoutNotice } from './without-notice.ts';

export interface S3Limits {
  /** Milliseconds until a connection stands. */
  readonly connect: number;
  /** Milliseconds without a sign of the storage. */
  readonly silence: number;
  /** How often a request is made before it has failed, with pauses that grow from a tenth of a second. */
  readonly attempts: number;
}

const LIMITS: S3Limits = { connect: 3000, silence: 10_000, attempts: 5 };
/** Bytes of a part of a large file; three are in memory at a time. */
const PART = 8 * 2 ** 20;

export class S3Storage implements Storage {
  readonly #client: S3Client;
  readonly #where: S3Address;
  readonly #attempts: number;

  private constructor(where: S3Address, { connect, silence, attempts }: S3Limits) {
    const { endpoint, region, pathStyle } = where;
    this.#where = where;
    this.#attempts = attempts;
    const settings = {
      ...(endpoint !== undefined && { endpoint }),
      ...(region !== undefined && { region }),
      forcePathStyle: pathStyle,
      maxAttempts: attempts,
      // Not a limit on the whole: a part of a large file takes its time on a slow line.
      requestHandler: { connectionTimeout: connect, socketTimeout: silence },
      // Many servers that are not Amazon's refuse checksums in trailers. The signature covers the SHA-256 of what is
      // sent, and what is read is proved by the hash that names it.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    } as const;
    this.#client = withoutNotice(() => new S3Client(settings));
  }

  /** @throws BusanaError STORAGE_UNAVAILABLE where the bucket is not there, or not ours */
  static async open(where: S3Address, limits: Partial<S3Limits> = {}): Promise<S3Storage> {
    const storage = new S3Storage(where, { ...LIMITS, ...limits });
    await storage.#try(() => storage.#client.send(new HeadBucketCommand({ Bucket: where.bucket })));
    return storage;
  }

  get address(): string {
    return `s3://${this.#where.bucket}/${this.#where.prefix}`;
  }

  place(): undefined {
    return undefined;
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    await this.#try(() => this.#client.send(new PutObjectCommand({ ...this.#object(key), Body: bytes })));
  }

  async putFile(key: string, path: string): Promise<void> {
    const params = { ...this.#object(key), Body: createReadStream(path, { highWaterMark: 2 ** 20 }) };
    await this.#try(() => new Upload({ client: this.#client, params, partSize: PART, queueSize: 3 }).done());
  }

  async open(key: string): Promise<StoredObject | undefined> {
    const get = (from: number, tag?: string) =>
      this.#client.send(
        new GetObjectCommand({
          ...this.#object(key),
          ...(from > 0 && { Range: `bytes=${from}-`, IfMatch: tag }),
        }),
      );
    const first = await this.#unlessMissing(() => get(0));
    if (first === undefined) return undefined;
    const bytes = first.ContentLength ?? 0;
    const body = wholeBody(first, get, { bytes, attempts: this.#attempts });
    const stream = Readable.from(this.#failing(body), { objectMode: false });
    // Of an answer that nobody reads the connection is given back.
    stream.once('close', () => first.Body instanceof Readable && first.Body.destroy());
    return { stream, bytes };
  }

  async has(key: string): Promise<boolean> {
    const found = await this.#unlessMissing(() => this.#client.send(new HeadObjectCommand(this.#object(key))));
    return found !== undefined;
  }

  async remove(key: string): Promise<void> {
    await this.#try(() => this.#client.send(new DeleteObjectCommand(this.#object(key))));
  }

  async *list(prefix: string): AsyncGenerator<ListedObject> {
    const { bucket: Bucket, prefix: own } = this.#where;
    const pages = paginateListObjectsV2({ client: this.#client }, { Bucket, Prefix: `${own}${prefix}` });
    for await (const { Contents = [] } of this.#failing(pages)) {
      for (const { Key = '', Size: bytes = 0, LastModified: modified = new Date() } of Contents) {
        yield { key: Key.slice(own.length), bytes, modified };
      }
    }
  }

  #object(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.#where.bucket, Key: `${this.#where.prefix}${expectKey(key)}` };
  }

  async #unlessMissing<T>(ask: () => Promise<T>): Promise<T | undefined> {
    try {
      return await ask();
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw s3Failure(this.address, error);
    }
  }

  async #try<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      throw s3Failure(this.address, error);
    }
  }

  async *#failing<T>(source: AsyncIterable<T>): AsyncGenerator<T> {
    try {
      yield* source;
    } catch (error) {
      throw error instanceof BusanaError ? error : s3Failure(this.address, error);
    }
  }
}
