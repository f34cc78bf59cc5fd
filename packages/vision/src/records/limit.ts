/** @file How much a cache of records may hold: what has not been used for longest goes first. */
import { readdir, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { RECORDS, removeSegment } from './segment.ts';

/** Bytes that records of one kind take up at most unless told otherwise; more when one data set alone needs more. */
export const LIMIT = 20e9;

/**
 * Removes segments in the folders of `root`, oldest first, until the rest and what is to be added are within the limit.
 * A segment is as old as its last use.
 * @param options.adding bytes to be written @param options.used segments that stay, as paths without their ends
 */
export async function removeOldest(
  root: string,
  {
    adding,
    used,
    limit = LIMIT,
  }: { readonly adding: number; readonly used: ReadonlySet<string>; readonly limit: number },
): Promise<void> {
  const names = await readdir(root, { recursive: true }).catch((): string[] => []);
  const found = [];
  for (const name of names.filter((path) => path.endsWith(RECORDS))) {
    const path = join(root, name.slice(0, -RECORDS.length));
    // Another process may have removed it.
    const state = await stat(`${path}${RECORDS}`).catch(() => undefined);
    if (state !== undefined) found.push({ path, bytes: state.size, time: state.mtimeMs });
  }
  let total = found.reduce((sum, { bytes }) => sum + bytes, adding);
  for (const { path, bytes } of found.sort((a, b) => a.time - b.time)) {
    if (total <= limit) return;
    if (used.has(path)) continue;
    // Where it cannot be removed, e.g. because it is open on Windows, the next run tries again.
    await removeSegment(path).catch(() => undefined);
    total -= bytes;
  }
}

/** Bytes free for this user; undefined where the system does not say, or the folder is not there yet. */
export async function freeBytes(folder: string): Promise<number | undefined> {
  const state = await statfs(folder).catch(() => undefined);
  return state === undefined ? undefined : state.bavail * state.bsize;
}
