/** @file What `predict` is pointed at: files, folders, globs, zips, addresses, a list on stdin. */
import { BusanaError } from '@busana/contracts';
import { stat } from 'node:fs/promises';
import { basename, extname, isAbsolute, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { glob, isDynamicPattern } from 'tinyglobby';
import type { Photo } from './dataset.ts';
import { listImages, naturally } from './image-index.ts';

/**
 * Photos in the order of the sources; within folders, globs and zips in natural order. What is missing or cannot be
 * fetched is listed too: its prediction says so.
 * @param stdin what `-` reads a list from, one source a line
 * @throws BusanaError DATA_NOT_FOUND when a pattern matches nothing or a folder or zip has no photo; ARCHIVE_INVALID
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
  if (/^https?:\/\//i.test(source)) return [photo(source, { kind: 'address', address: source })];
  const found = await stat(source).catch(() => undefined);
  if (found?.isDirectory() === true || (found !== undefined && extname(source).toLowerCase() === '.zip')) {
    const images = await listImages(source);
    if (images.length === 0) throw new BusanaError('DATA_NOT_FOUND', `${source} has no photos`);
    return images.map(({ name, location }) => photo(join(source, name), location));
  }
  if (found === undefined && isDynamicPattern(source)) {
    const matches = await glob(source.replaceAll('\\', '/'), {
      absolute: isAbsolute(source),
      expandDirectories: false,
    });
    if (matches.length === 0) throw new BusanaError('DATA_NOT_FOUND', `nothing matches ${source}`);
    return matches.sort(naturally).map((path) => photo(path, { kind: 'file', path }));
  }
  return [photo(source, { kind: 'file', path: source })];
}

function photo(name: string, location: Photo['location']): Photo {
  return { id: basename(name).replace(/\.[^.]*$/, ''), name, location };
}
