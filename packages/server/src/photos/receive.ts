/** @file A stream of somebody else's bytes becomes a file under a name of its own, measured and hashed on the way. */
import { BusanaError } from '@busana/contracts';
import { unwritable } from '@busana/vision';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { measuring } from '../storage/measuring.ts';

/** A file that has come, under a temporary name. */
export interface Upload {
  readonly path: string;
  /** SHA-256 of its bytes, in hexadecimal. */
  readonly hash: string;
  readonly bytes: number;
  /** Removes it, where nobody has moved it elsewhere. */
  readonly discard: () => Promise<void>;
}

export interface Limit {
  /** What messages call the file. */
  readonly name: string;
  /** Bytes at most. */
  readonly bytes: number;
}

/**
 * Memory is bounded however long the stream is. Of an upload that fails nothing is left.
 * @param folder where the file is written
 * @throws BusanaError UPLOAD_TOO_LARGE; USAGE when the stream breaks off; OUTPUT_UNWRITABLE
 */
export async function receive(stream: Readable, folder: string, { name, bytes: limit }: Limit): Promise<Upload> {
  const path = join(folder, randomUUID());
  const discard = () => rm(path, { force: true });
  const measure = measuring((bytes) =>
    bytes > limit ? new BusanaError('UPLOAD_TOO_LARGE', `${name} has more than ${limit} bytes`) : undefined,
  );
  const file = createWriteStream(path, { flags: 'wx' });
  try {
    await pipeline(stream, measure, file);
    const { bytes, sha256: hash } = measure.measured();
    return { path, hash, bytes, discard };
  } catch (cause) {
    // What was given up before it was opened is opened all the same, and closed.
    if (!file.closed) await once(file, 'close').catch(() => undefined);
    await discard();
    if (cause instanceof BusanaError) throw cause;
    if (cause instanceof Error && 'syscall' in cause) throw unwritable(path, cause);
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BusanaError('USAGE', `${name} broke off: ${reason}`, { remedy: 'Send the form again.', cause });
  }
}
