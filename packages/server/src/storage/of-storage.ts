/** @file What is wrong with a file, and what with where it is kept. */
import { BusanaError } from '@busana/contracts';

/**
 * Whether an error tells of the storage or the disk, and not of what was to be done: it would come of any other photo
 * as well, and may not come a while later.
 */
export function ofStorage(error: unknown): boolean {
  return error instanceof BusanaError && (error.code === 'STORAGE_UNAVAILABLE' || error.code === 'OUTPUT_UNWRITABLE');
}
