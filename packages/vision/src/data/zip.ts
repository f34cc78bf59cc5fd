/** @file Zip archives as folders, read with suspicion: names stay inside, sizes stay within limits. */
import { BusanaError } from '@busana/contracts';
import { stat } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { type Entry, openPromise, type ZipFile } from 'yauzl';

const MOST_ENTRIES = 1_000_000;
const LARGEST_ENTRY = 512 * 2 ** 20;
const LARGEST_TOTAL = 64 * 2 ** 30;
/** Deflate reaches about 1030; photos are compressed already, and only a bomb comes near. */
const HIGHEST_RATIO = 200;
/** Small entries may compress well, e.g. a CSV of zeros. */
const RATIO_MATTERS_FROM = 2 ** 20;

/** Open archives by path and state, so that reading a photo does not read the whole directory of its archive again. */
const archives = new Map<string, Promise<Archive>>();

interface Archive {
  readonly zip: ZipFile;
  readonly entries: ReadonlyMap<string, Entry>;
}

/** Names of the files in an archive. @throws BusanaError ARCHIVE_INVALID */
export async function listZip(archive: string): Promise<string[]> {
  return [...(await open(archive)).entries.keys()];
}

/** The bytes of one file. @throws BusanaError ARCHIVE_INVALID when it is missing, damaged or larger than it says */
export async function readZipEntry(archive: string, name: string): Promise<Uint8Array> {
  const { zip, entries } = await open(archive);
  const entry = entries.get(name);
  if (entry === undefined) throw new BusanaError('ARCHIVE_INVALID', `${archive} has no file ${name}`);
  try {
    const stream = await zip.openReadStreamPromise(entry);
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    if (crc32(bytes) !== entry.crc32) throw new Error('its checksum is wrong');
    return bytes;
  } catch (cause) {
    throw invalid(archive, `${name}: ${messageOf(cause)}`, cause);
  }
}

/** Lets go of an archive that nobody will read any more: only then its space is free when it is removed. */
export async function closeZip(archive: string): Promise<void> {
  const states = [...archives].filter(([state]) => state.startsWith(`${archive} `));
  for (const [state, opened] of states) {
    archives.delete(state);
    (await opened.catch(() => undefined))?.zip.close();
  }
}

async function open(path: string): Promise<Archive> {
  const { mtimeMs, size } = await stat(path).catch((cause: unknown) => {
    throw new BusanaError('DATA_NOT_FOUND', `${path} does not exist`, { cause });
  });
  const state = `${path} ${mtimeMs} ${size}`;
  const known = archives.get(state) ?? read(path);
  archives.set(state, known);
  known.catch(() => archives.delete(state));
  return known;
}

async function read(path: string): Promise<Archive> {
  let zip: ZipFile;
  try {
    // yauzl refuses absolute names and `..` itself; sizes are checked against what really comes out.
    zip = await openPromise(path, {
      autoClose: false,
      lazyEntries: true,
      strictFileNames: false,
      validateEntrySizes: true,
    });
  } catch (cause) {
    throw invalid(path, messageOf(cause), cause);
  }
  const entries = new Map<string, Entry>();
  try {
    let total = 0;
    for await (const entry of zip.eachEntry()) {
      total += entry.uncompressedSize;
      checkSize(path, entry, total, entries.size);
      if (!entry.fileName.endsWith('/')) entries.set(entry.fileName, entry);
    }
  } catch (cause) {
    zip.close();
    throw cause instanceof BusanaError ? cause : invalid(path, messageOf(cause), cause);
  }
  return { zip, entries };
}

function checkSize(
  path: string,
  { fileName, uncompressedSize, compressedSize }: Entry,
  total: number,
  count: number,
): void {
  const ratio = uncompressedSize / Math.max(compressedSize, 1);
  const bomb = uncompressedSize >= RATIO_MATTERS_FROM && ratio > HIGHEST_RATIO;
  if (uncompressedSize > LARGEST_ENTRY || bomb) {
    throw invalid(path, `${fileName} would unpack from ${compressedSize} to ${uncompressedSize} bytes`);
  }
  if (total > LARGEST_TOTAL) throw invalid(path, `it would unpack to more than ${LARGEST_TOTAL} bytes`);
  if (count >= MOST_ENTRIES) throw invalid(path, `it has more than ${MOST_ENTRIES} entries`);
}

function invalid(path: string, what: string, cause?: unknown): BusanaError {
  return new BusanaError('ARCHIVE_INVALID', `${path} is damaged or unsafe: ${what}`, { cause });
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
