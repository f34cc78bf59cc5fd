import { BusanaError } from '@busana/contracts';
import { readFile } from 'node:fs/promises';
import type { ImageLocation } from './dataset.ts';
import { download } from './download.ts';
import { readZipEntry } from './zip.ts';

/** The bytes of a photo. @throws BusanaError IMAGE_UNREADABLE, ARCHIVE_INVALID */
export async function readImageBytes(location: ImageLocation): Promise<Uint8Array> {
  switch (location.kind) {
    case 'zip':
      return readZipEntry(location.archive, location.entry);
    case 'address':
      return download(location.address);
    case 'bytes':
      return location.bytes;
    case 'file':
      try {
        return await readFile(location.path);
      } catch (cause) {
        throw new BusanaError('IMAGE_UNREADABLE', `${location.path} cannot be opened`, { cause });
      }
  }
}
