import { BusanaError } from '@busana/contracts';
import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { ImageLocation } from './dataset.ts';
import { listZip } from './zip.ts';

/** A file that may be a photo. */
export interface ImageFile {
  /** Path within the folder or zip, with `/`. */
  readonly name: string;
  readonly location: ImageLocation;
}

const extensions = new Set([
  '.jpg',
  '.jpeg',
  '.png',
  '.webp',
  '.gif',
  '.tif',
  '.tiff',
  '.avif',
  '.heic',
  '.bmp',
  '.jfif',
]);

/** Natural order: 2 before 10. */
export const naturally = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });

/** The photos of a folder (with its folders) or a zip, in natural order. @throws BusanaError DATA_NOT_FOUND, ARCHIVE_INVALID */
export async function listImages(source: string): Promise<ImageFile[]> {
  const files = (await isFolder(source))
    ? (await readdir(source, { recursive: true, withFileTypes: true }))
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .map((path): ImageFile => ({
          name: path.slice(source.length).replaceAll('\\', '/').replace(/^\/+/, ''),
          location: { kind: 'file', path },
        }))
    : (await listZip(source)).map((entry): ImageFile => ({
        name: entry,
        location: { kind: 'zip', archive: source, entry },
      }));
  return files
    .filter(({ name }) => extensions.has(extname(name).toLowerCase()) && !hidden(name))
    .sort((a, b) => naturally(a.name, b.name));
}

/** Files that systems leave in archives and folders. */
function hidden(name: string): boolean {
  return name.split('/').some((part) => part.startsWith('.') || part === '__MACOSX');
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (cause) {
    throw new BusanaError('DATA_NOT_FOUND', `${path} does not exist`, { cause });
  }
}

/** Finds photos by an id that may be a file name, with or without extension and folder. */
export class ImageIndex {
  readonly #byKey = new Map<string, ImageFile[]>();

  constructor(files: readonly ImageFile[]) {
    for (const file of files) {
      const base = file.name.slice(file.name.lastIndexOf('/') + 1);
      const keys = new Set([file.name, base, withoutExtension(file.name), withoutExtension(base)]);
      for (const key of keys) this.#byKey.set(key, [...(this.#byKey.get(key) ?? []), file]);
    }
  }

  find(id: string): readonly ImageFile[] {
    return this.#byKey.get(id) ?? [];
  }
}

function withoutExtension(name: string): string {
  const extension = extname(name);
  return extension === '' ? name : name.slice(0, -extension.length);
}
