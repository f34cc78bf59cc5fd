/** @file Names of the photos of a folder or zip, and nothing else: a million of them must fit into memory. */
import { opendir, stat } from 'node:fs/promises';
import { hidden, naturally, namedAsImage } from './image-index.ts';
import { listZip } from './zip.ts';

/** Entries asked of the system at a time. */
const AT_ONCE = 1024;

/**
 * Paths within a folder (with its folders) or a zip, with `/`, in natural order.
 * @throws BusanaError ARCHIVE_INVALID
 */
export async function listPhotoNames(source: string): Promise<string[]> {
  const names = (await stat(source)).isDirectory()
    ? await walk(source)
    : (await listZip(source)).filter((name) => namedAsImage({ name }) && !hidden(name));
  return names.sort(naturally);
}

async function walk(root: string): Promise<string[]> {
  const names: string[] = [];
  const folders = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for await (const entry of await opendir(`${root}/${folder}`, { bufferSize: AT_ONCE })) {
      if (hidden(entry.name)) continue;
      const name = folder + entry.name;
      if (entry.isDirectory()) folders.push(`${name}/`);
      else if ((entry.isFile() || entry.isSymbolicLink()) && namedAsImage({ name })) names.push(name);
    }
  }
  return names;
}
