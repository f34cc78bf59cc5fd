/** @file What `predict` is pointed at: files, folders, globs, zips, addresses, a list on stdin. */
import { BusanaError } from '@busana/contracts';
import { stat } from 'node:fs/promises';
import { basename, extname, isAbsolute, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { glob, isDynamicPattern } from 'tinyglobby';
import type { Photo } from './dataset.ts';
import { naturally } from './image-index.ts';
import { listPhotoNames } from './photo-names.ts';

/** Photos one after the other, made as they are asked for. A list on stdin can be gone through once. */
export interface PhotoStream extends AsyncIterable<Photo> {
  /** How many there are; undefined before a list on stdin has been read. */
  readonly total: number | undefined;
}

/** The photos of one source. */
interface Part {
  readonly count: number | undefined;
  readonly photos: () => Iterable<Photo> | AsyncIterable<Photo>;
}

/**
 * Photos in the order of the sources; within folders, globs and zips in natural order. What is missing or cannot be
 * fetched is listed too: its prediction says so. Of a source no more than the names is held in memory, of a list on
 * stdin the line at hand.
 * @param stdin what `-` reads a list from, one source a line
 * @throws BusanaError DATA_NOT_FOUND when a pattern matches nothing or a folder or zip has no photo; ARCHIVE_INVALID;
 * for a list on stdin when its line is reached, for the others now
 */
export async function openSources(sources: readonly string[], stdin: Readable): Promise<PhotoStream> {
  const parts: Part[] = [];
  for (const source of sources) parts.push(source === '-' ? listOn(stdin) : await openSource(source));
  return {
    total: parts.reduce<number | undefined>(
      (sum, { count }) => (sum === undefined || count === undefined ? undefined : sum + count),
      0,
    ),
    async *[Symbol.asyncIterator]() {
      for (const { photos } of parts) yield* photos();
    },
  };
}

/** All of them at once. @throws BusanaError as {@link openSources} */
export async function listPhotos(sources: readonly string[], stdin: Readable): Promise<Photo[]> {
  const photos: Photo[] = [];
  for await (const photo of await openSources(sources, stdin)) photos.push(photo);
  return photos;
}

function listOn(stdin: Readable): Part {
  return {
    count: undefined,
    async *photos() {
      const lines = createInterface({ input: stdin });
      // Of a stream that is destroyed readline hears nothing.
      stdin.once('close', () => lines.close());
      try {
        for await (const line of lines) {
          if (line.trim() !== '') yield* (await openSource(line.trim())).photos();
        }
      } finally {
        // Whoever stops early must not wait for the rest of the list.
        lines.close();
      }
    },
  };
}

async function openSource(source: string): Promise<Part> {
  if (/^https?:\/\//i.test(source)) return single(photoNamed(source, { kind: 'address', address: source }));
  const found = await stat(source).catch(() => undefined);
  const archive = found?.isFile() === true && extname(source).toLowerCase() === '.zip';
  if (found?.isDirectory() === true || archive) {
    const names = await listPhotoNames(source);
    if (names.length === 0) throw new BusanaError('DATA_NOT_FOUND', `${source} has no photos`);
    return several(names, (name) => {
      const path = join(source, name);
      return photoNamed(path, archive ? { kind: 'zip', archive: source, entry: name } : { kind: 'file', path });
    });
  }
  if (found === undefined && isDynamicPattern(source)) {
    const matches = await glob(source.replaceAll('\\', '/'), {
      absolute: isAbsolute(source),
      expandDirectories: false,
    });
    if (matches.length === 0) throw new BusanaError('DATA_NOT_FOUND', `nothing matches ${source}`);
    return several(matches.sort(naturally), (path) => photoNamed(path, { kind: 'file', path }));
  }
  return single(photoNamed(source, { kind: 'file', path: source }));
}

function single(only: Photo): Part {
  return { count: 1, photos: () => [only] };
}

/** Names are kept, photos are made of them one at a time. */
function several(names: readonly string[], photoOf: (name: string) => Photo): Part {
  return {
    count: names.length,
    *photos() {
      for (const name of names) yield photoOf(name);
    },
  };
}

/** Its id is the name of its file, without folders and extension. */
export function photoNamed(name: string, location: Photo['location']): Photo {
  return { id: basename(name).replace(/\.[^.]*$/, ''), name, location };
}
