/** @file Files of a shop in a folder of this machine, where they are paths. */
import { hasCode, makeFolder, unwritable, writeOutput } from '@busana/vision';
import { randomUUID } from 'node:crypto';
import { copyFile, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expectKey, type ListedObject, type Storage, type StoredObject } from './storage.ts';

export class FolderStorage implements Storage {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** @param folder made where missing @throws BusanaError OUTPUT_UNWRITABLE */
  static async open(folder: string): Promise<FolderStorage> {
    await makeFolder(folder);
    return new FolderStorage(folder);
  }

  get address(): string {
    return this.#folder;
  }

  place(key: string): string {
    return join(this.#folder, expectKey(key));
  }

  put(key: string, bytes: Uint8Array): Promise<void> {
    return writeOutput(this.place(key), bytes);
  }

  /** On the disk before anybody is told that it is there. */
  async putFile(key: string, path: string): Promise<void> {
    const place = this.place(key);
    await makeFolder(dirname(place));
    try {
      await flush(path);
      await rename(path, place).catch((error: unknown) => {
        if (!hasCode(error, 'EXDEV')) throw error;
        return fromAnotherDisk(path, place);
      });
    } catch (cause) {
      throw unwritable(place, cause);
    }
  }

  async open(key: string): Promise<StoredObject | undefined> {
    const file = await open(this.place(key)).catch((error: unknown) => {
      if (hasCode(error, 'ENOENT')) return undefined;
      throw error;
    });
    return file && { stream: file.createReadStream(), bytes: (await file.stat()).size };
  }

  async has(key: string): Promise<boolean> {
    const found = await stat(this.place(key)).catch(() => undefined);
    return found?.isFile() ?? false;
  }

  async remove(key: string): Promise<void> {
    await rm(this.place(key), { force: true });
  }

  async *list(prefix: string): AsyncGenerator<ListedObject> {
    const folder = join(this.#folder, prefix);
    const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
      if (hasCode(error, 'ENOENT')) return [];
      throw error;
    });
    // As their keys are in order: a folder goes by its name with the `/` that follows.
    const names = entries.flatMap((entry) =>
      entry.isDirectory() ? `${entry.name}/` : entry.isFile() ? entry.name : [],
    );
    for (const name of names.sort((a, b) => (a < b ? -1 : 1))) {
      if (name.endsWith('/')) yield* this.list(`${prefix}${name}`);
      else if (!name.endsWith('.tmp')) {
        const found = await stat(join(folder, name)).catch(() => undefined);
        // One that has been removed meanwhile is none.
        if (found !== undefined) yield { key: `${prefix}${name}`, bytes: found.size, modified: found.mtime };
      }
    }
  }
}

async function fromAnotherDisk(path: string, place: string): Promise<void> {
  const temporary = `${place}.${randomUUID()}.tmp`;
  try {
    await copyFile(path, temporary);
    await flush(temporary);
    await rename(temporary, place);
  } finally {
    await rm(temporary, { force: true });
  }
  await rm(path);
}

async function flush(path: string): Promise<void> {
  const file = await open(path, 'r+');
  await file.sync().finally(() => file.close());
}
