/** @file What `predict` is pointed at: files, folders, globs, zips, addresses, a list on stdin. */
import { BusanaError } from '@busana/contracts';
import { mkdtemp, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { glob, isDynamicPattern } from 'tinyglobby';
import type { Photo } from './dataset.ts';
import { listImages, naturally } from './image-index.ts';

const LARGEST_DOWNLOAD = 50 * 2 ** 20;
const DOWNLOAD_SECONDS = 30;

/**
 * Photos in the order of the sources; within folders, globs and zips in natural order. A file that is missing is
 * listed too: its prediction says so.
 * @param stdin what `-` reads a list from, one source a line
 * @throws BusanaError DATA_NOT_FOUND when a pattern matches nothing
 */
export async function listPhotos(sources: readonly string[], stdin: Readable): Promise<Photo[]> {
  const lists: Photo[][] = [];
  for (const source of sources) lists.push(source === '-' ? await fromList(stdin) : await fromSource(source));
  return lists.flat();
}

async function fromList(stdin: Readable): Promise<Photo[]> {
  const photos: Photo[] = [];
  for await (const line of createInterface({ input: stdin })) {
    if (line.trim() !== '') photos.push(...(await fromSource(line.trim())));
  }
  return photos;
}

async function fromSource(source: string): Promise<Photo[]> {
  if (/^https?:\/\//i.test(source)) return [await download(source)];
  const found = await stat(source).catch(() => undefined);
  if (found?.isDirectory() === true || (found !== undefined && extname(source).toLowerCase() === '.zip')) {
    const images = await listImages(source);
    return images.map(({ name, location }) => photo(join(source, name), location));
  }
  if (found === undefined && isDynamicPattern(source)) {
    const matches = await glob(source.replaceAll('\\', '/'), { expandDirectories: false });
    if (matches.length === 0) throw new BusanaError('DATA_NOT_FOUND', `nothing matches ${source}`);
    return matches.sort(naturally).map((path) => photo(path, { kind: 'file', path }));
  }
  return [photo(source, { kind: 'file', path: source })];
}

function photo(name: string, location: Photo['location']): Photo {
  return { id: basename(name).replace(/\.[^.]*$/, ''), name, location };
}

/** Fetches a photo into a temporary file, within limits of size and time. @throws BusanaError IMAGE_UNREADABLE */
async function download(address: string): Promise<Photo> {
  const refuse = (what: string, cause?: unknown) =>
    new BusanaError('IMAGE_UNREADABLE', `${address}: ${what}`, { cause });
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(DOWNLOAD_SECONDS * 1000) });
    if (!response.ok || response.body === null) throw refuse(`the server answers ${response.status}`);
    for await (const chunk of response.body) {
      size += (chunk as Uint8Array).length;
      if (size > LARGEST_DOWNLOAD) throw refuse(`larger than ${LARGEST_DOWNLOAD} bytes`);
      chunks.push(chunk as Uint8Array);
    }
  } catch (cause) {
    throw cause instanceof BusanaError ? cause : refuse('it cannot be fetched', cause);
  }
  const path = join(await mkdtemp(join(tmpdir(), 'busana-')), 'photo');
  await writeFile(path, Buffer.concat(chunks));
  return photo(address, { kind: 'file', path });
}
