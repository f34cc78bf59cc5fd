/** @file The storage of an address. */
import { FolderStorage } from './folder.ts';
import { readS3Address } from './s3-address.ts';
import type { Storage } from './storage.ts';

/**
 * @param where `s3://bucket/prefix?endpoint=…&region=…`, or a folder, made where missing
 * @throws BusanaError CONFIG_INVALID, STORAGE_UNAVAILABLE, OUTPUT_UNWRITABLE
 */
export async function openStorage(where: string): Promise<Storage> {
  if (!where.startsWith('s3://')) return FolderStorage.open(where);
  const address = readS3Address(where);
  const { S3Storage } = await import('./s3.ts');
  return S3Storage.open(address);
}
