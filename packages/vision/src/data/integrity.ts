import { BusanaError } from '@busana/contracts';
import { decodePicture } from '../image/decode.ts';
import { readImageBytes } from './bytes.ts';
import type { Photo } from './dataset.ts';

const IN_FLIGHT = 16;

/** The photos that cannot be decoded, with the reason in words. */
export async function unreadablePhotos<P extends Photo>(photos: readonly P[]): Promise<Map<P, string>> {
  const found = new Map<P, string>();
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < photos.length) {
      const photo = photos[next]!;
      next += 1;
      try {
        await decodePicture(await readImageBytes(photo.location));
      } catch (error) {
        if (!(error instanceof BusanaError)) throw error;
        found.set(photo, error.message);
      }
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, work));
  // In the order of the data set, not of the decoders.
  return new Map(photos.flatMap((photo) => (found.has(photo) ? [[photo, found.get(photo)!] as const] : [])));
}
