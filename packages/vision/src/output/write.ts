/** @file How every output is written: complete under its name, or not at all. */
import { BusanaError } from '@busana/contracts';
import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Writes a file under a temporary name beside it and renames it; its folder is made where missing. Not by
 * write-file-atomic: it takes a short write, which is how a disk that fills up begins, for a whole one.
 * @throws BusanaError OUTPUT_UNWRITABLE
 */
export async function writeOutput(path: string, content: string | Uint8Array): Promise<void> {
  await makeFolder(dirname(path));
  const temporary = `${path}.${process.pid}-${randomUUID()}.tmp`;
  try {
    await writeFile(temporary, content, { flush: true });
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw unwritable(path, cause);
  }
}

/** Makes a folder and those above it. @throws BusanaError OUTPUT_UNWRITABLE */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

/** Whether an error of the file system has a code, e.g. `ENOENT`. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** The error of an output that cannot be written, with the reason in words. */
export function unwritable(path: string, cause: unknown): BusanaError {
  const message = cause instanceof Error ? cause.message : String(cause);
  const reason = hasCode(cause, 'ENOSPC') ? 'the disk is full' : message;
  return new BusanaError('OUTPUT_UNWRITABLE', `cannot write ${path}: ${reason}`, { cause });
}
