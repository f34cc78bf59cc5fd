import { appendTo } from '../append-to.ts';
import { BusanaError } from '@busana/contracts';
import { readdir, stat } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import type { ImageLocation } from './dataset.ts';
import { listZip } from './zip.ts';

/** A file that may be a photo. */
export interface ImageFile<Location = ImageLocation> {
  /** Path within the folder or zip, with `/`. */
  readonly name: string;
  readonly location: Location;
}

const extensions = /\.(jpe?g|jpe|jfif|png|webp|gif|tiff?|avif|hei[cf]|bmp)$/i;

/** Natural order: 2 before 10. A collator made once: `localeCompare` takes a minute for a million names. */
export const naturally = new Intl.Collator('en', { numeric: true }).compare;

/** Whether a file calls itself a picture. What it is, its content says. */
export const namedAsImage = ({ name }: Pick<ImageFile, 'name'>): boolean => extensions.test(name);

/**
 * Every file of a folder (with its folders) or a zip, in natural order, without those that systems leave there.
 * @throws BusanaError DATA_NOT_FOUND, ARCHIVE_INVALID
 */
export async function listFiles(source: string): Promise<ImageFile[]> {
  const files = (await isFolder(source))
    ? (await readdir(source, { recursive: true, withFileTypes: true }))
        .filter((entry) => entry.isFile() || entry.isSymbolicLink())
        .map((entry) => join(entry.parentPath, entry.name))
        .map((path): ImageFile => ({
          name: relative(source, path).replaceAll(sep, '/'),
          location: { kind: 'file', path },
        }))
    : (await listZip(source)).map((entry): ImageFile => ({
        name: entry,
        location: { kind: 'zip', archive: source, entry },
      }));
  return files.filter(({ name }) => !hidden(name)).sort((a, b) => naturally(a.name, b.name));
}

/** Files that systems leave in archives and folders. */
export function hidden(name: string): boolean {
  return name.split('/').some((part) => part.startsWith('.') || part === '__MACOSX');
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (cause) {
    throw new BusanaError('DATA_NOT_FOUND', `${path} does not exist`, { cause });
  }
}

/** Finds photos by an id that may be a file name, with or without extension and with or without its folders. */
export class ImageIndex<File extends Pick<ImageFile, 'name'>> {
  readonly #byKey = new Map<string, File[]>();

  constructor(files: readonly File[]) {
    for (const file of files) {
      const keys = new Set(tails(file.name).flatMap((tail) => [key(tail), key(withoutExtension(tail))]));
      // Thousands of folders may each have a front.jpg.
      for (const name of keys) appendTo(this.#byKey, name, file);
    }
  }

  /** Candidates; more than one where the id does not say which. Files that call themselves pictures go first. */
  find(id: string): readonly File[] {
    const found = this.#byKey.get(key(id)) ?? [];
    const exact = found.filter(({ name }) => key(name) === key(id));
    if (exact.length > 0) return exact;
    const images = found.filter(namedAsImage);
    return images.length > 0 ? images : found;
  }
}

/** Accented letters have two forms; archives made on macOS use the other. */
function key(name: string): string {
  return name.normalize('NFC').replace(/^\.?\//, '');
}

/** `a/b/c.jpg`, `b/c.jpg`, `c.jpg`. */
function tails(name: string): string[] {
  const parts = name.split('/');
  return parts.map((_, index) => parts.slice(index).join('/'));
}

function withoutExtension(name: string): string {
  const extension = extname(name);
  return extension === '' ? name : name.slice(0, -extension.length);
}
