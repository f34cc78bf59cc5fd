/** @file Downloads weights: verified while they stream, resumed after an interruption, complete or not there. */
import { BusanaError } from '@busana/contracts';
import { createHash, type Hash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { makeFolder, unwritable } from '../output/write.ts';
import { cachedFile, cacheFolder, isFile, withoutNetwork } from './cache.ts';
import { isOfficial, weightsOf, type OfficialWeights } from './official.ts';

export interface DownloadOptions {
  /** Called with the bytes that are here and the size of the file, as soon as the server says it. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Seconds without a byte after which the download is given up; default 30. */
  readonly stallSeconds?: number;
  readonly signal?: AbortSignal;
}

export interface PulledWeights {
  readonly name: string;
  readonly file: string;
  readonly bytes: number;
  /** Of the whole file, in hex. */
  readonly sha256: string;
  readonly licence: string;
  /** False when the file was there already. */
  readonly downloaded: boolean;
}

type Source = Pick<OfficialWeights, 'name' | 'address' | 'sha256' | 'bytes' | 'licence'>;

/**
 * Fetches the official weights of an architecture into `<cache>/weights`, unless they are there.
 * @throws BusanaError WEIGHTS_UNAVAILABLE, WEIGHTS_INVALID, OUTPUT_UNWRITABLE, INTERRUPTED; CONFIG_INVALID for a name
 * that is no architecture
 */
export async function pullWeights(
  name: string,
  { cache = cacheFolder(), ...options }: DownloadOptions & { readonly cache?: string } = {},
): Promise<PulledWeights> {
  const weights = weightsOf(name);
  if (!isOfficial(weights)) {
    throw new BusanaError('WEIGHTS_UNAVAILABLE', `the weights of ${weights.name}: ${weights.reason}`, {
      remedy: 'Give --weights the path of a file, or leave it out to start from random weights.',
    });
  }
  return downloadVerified(weights, cachedFile(weights, cache), options);
}

/**
 * Downloads to `<file>.part`, goes on where an earlier part stops, and renames when size and hash are right. A part
 * with wrong content is removed; one of an interrupted download is kept.
 * @throws BusanaError WEIGHTS_UNAVAILABLE, WEIGHTS_INVALID, OUTPUT_UNWRITABLE, INTERRUPTED
 */
export async function downloadVerified(
  source: Source,
  file: string,
  options: DownloadOptions = {},
): Promise<PulledWeights> {
  const done = (bytes: number, sha256: string, downloaded: boolean): PulledWeights => {
    return { name: source.name, file, bytes, sha256, licence: source.licence, downloaded };
  };
  if (await isFile(file)) {
    const present = await hashOf(file);
    if (!fits(source, present)) throw mismatch(source, file, present);
    return done(present.bytes, digestOf(present.hash), false);
  }
  await makeFolder(dirname(file));
  const part = `${file}.part`;
  let received = (await isFile(part)) ? await hashOf(part) : empty();
  // A download that was stopped between its last byte and the new name needs no server.
  if (received.bytes === 0 || !fits(source, received)) received = await fetchRest(source, file, received, options);
  if (!fits(source, received)) {
    await rm(part, { force: true });
    throw mismatch(source, source.address, received);
  }
  await rename(part, file).catch((cause: unknown) => {
    throw unwritable(file, cause);
  });
  return done(received.bytes, digestOf(received.hash), true);
}

interface Received {
  readonly bytes: number;
  readonly hash: Hash;
}

/** Asks for what is missing and appends it; a server that sends the whole file starts it anew. */
async function fetchRest(source: Source, file: string, have: Received, options: DownloadOptions): Promise<Received> {
  const { stallSeconds = 30, onProgress, signal } = options;
  const part = `${file}.part`;
  const stalled = new AbortController();
  const timer = setTimeout(() => stalled.abort(), stallSeconds * 1000);
  const signals = signal === undefined ? [stalled.signal] : [stalled.signal, signal];
  try {
    const response = await fetch(source.address, {
      // Compressed on the way, bytes could not be counted.
      headers: { 'accept-encoding': 'identity', ...(have.bytes > 0 && { range: `bytes=${have.bytes}-` }) },
      signal: AbortSignal.any(signals),
    });
    const { status, headers, body } = response;
    // Not satisfiable: what is here is no beginning of that file.
    if (status === 416 && have.bytes > 0) {
      await body?.cancel();
      await rm(part, { force: true });
      return await fetchRest(source, file, empty(), options);
    }
    if (!response.ok || body === null) throw unavailable(source, file, `the server answers ${status}`);
    const resumed = status === 206 && headers.get('content-range')?.startsWith(`bytes ${have.bytes}-`) === true;
    const { hash, bytes } = resumed ? have : empty();
    const total = source.bytes ?? bytes + Number(headers.get('content-length') ?? 0);
    let count = bytes;
    await pipeline(
      body as AsyncIterable<Uint8Array>,
      async function* (chunks) {
        for await (const chunk of chunks) {
          timer.refresh();
          hash.update(chunk);
          count += chunk.length;
          onProgress?.(count, Math.max(total, count));
          yield chunk;
          // A server may send more than there is; the excess would fill the disk.
          if (source.bytes !== undefined && count > source.bytes) break;
        }
      },
      createWriteStream(part, { flags: resumed ? 'a' : 'w', flush: true }),
    );
    return { bytes: count, hash };
  } catch (cause) {
    if (cause instanceof BusanaError) throw cause;
    if (signal?.aborted === true) {
      throw new BusanaError('INTERRUPTED', `the download of ${source.address} was interrupted`, {
        remedy: 'Run the same command again: it goes on where it stopped.',
        cause,
      });
    }
    if (isFileError(cause)) throw unwritable(part, cause);
    const late = stalled.signal.aborted;
    throw unavailable(source, file, late ? `nothing came for ${stallSeconds} seconds` : reasonOf(cause), cause);
  } finally {
    clearTimeout(timer);
  }
}

function empty(): Received {
  return { bytes: 0, hash: createHash('sha256') };
}

async function hashOf(path: string): Promise<Received> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), async (chunks: AsyncIterable<Uint8Array>) => {
    for await (const chunk of chunks) hash.update(chunk);
  });
  return { bytes: (await stat(path)).size, hash };
}

/** A copy is asked, because a hash that has answered takes no more bytes. */
function digestOf(hash: Hash): string {
  return hash.copy().digest('hex');
}

function fits({ sha256, bytes }: Source, received: Received): boolean {
  return (bytes === undefined || bytes === received.bytes) && digestOf(received.hash).startsWith(sha256);
}

function mismatch({ name, sha256, bytes }: Source, where: string, received: Received): BusanaError {
  const expected = `${bytes === undefined ? '' : `${bytes} bytes, `}SHA-256 ${sha256}…`;
  const found = `${received.bytes} bytes, SHA-256 ${digestOf(received.hash)}`;
  return new BusanaError(
    'WEIGHTS_INVALID',
    `${where} is not the file published for ${name}: ${found}, not ${expected}`,
    {
      remedy: 'Remove the file if it is yours, and run the command again.',
    },
  );
}

function unavailable(source: Source, file: string, what: string, cause?: unknown): BusanaError {
  return new BusanaError('WEIGHTS_UNAVAILABLE', `${source.address}: ${what}`, {
    remedy: `Run the command again to go on where it stopped. ${withoutNetwork(source, file)}`,
    cause,
  });
}

function isFileError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && ['open', 'write', 'fsync'].includes(String(error.syscall));
}

/** fetch says "fetch failed"; the reason is in the cause, and with several addresses of a host in its code alone. */
function reasonOf(error: unknown): string {
  const inner = error instanceof Error ? (error.cause ?? error) : error;
  const text = inner instanceof Error ? inner.message || ('code' in inner ? String(inner.code) : '') : String(inner);
  return `it cannot be fetched (${text})`;
}
