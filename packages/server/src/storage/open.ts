/** @file The storage of an address. */
import { FolderStorage } from './folder.ts';
import type { Storage } from './storage.ts';

/** @param where a folder, made where missing @throws BusanaError CONFIG_INVALID, STORAGE_UNAVAILABLE, OUTPUT_UNWRITABLE */
export function openStorage(where: string): Promise<Storage> {
  return FolderStorage.open(where);
}
