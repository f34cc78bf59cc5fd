/** @file Files that may be there or not, where both are right. */
import { readFile, stat } from 'node:fs/promises';
import { hasCode } from './write.ts';

/** Content of a file; undefined when it does not exist. */
export async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

export async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
