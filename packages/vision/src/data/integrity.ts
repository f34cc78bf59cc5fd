import { BusanaError } from '@busana/contracts';
import { decodePicture } from '../image/decode.ts';
import { inParallel } from '../parallel.ts';
import { readImageBytes } from './bytes.ts';
import type { Photo } from './dataset.ts';
import { examinePhotos } from './examine.ts';

/**
 * The photos that cannot be decoded, with the reason in words.
 * @param cache folder of signatures kept between runs: a photo that has one is known to be readable
 */
export async function unreadablePhotos<P extends Photo>(photos: readonly P[], cache?: string): Promise<Map<P, string>> {
  if (cache !== undefined) {
    const { unreadable, release } = await examinePhotos(photos, { cache });
    await release();
    return new Map([...unreadable].map(([photo, { message }]) => [photo, message]));
  }
  const found = new Map<P, string>();
  await inParallel(photos, async (photo) => {
    try {
      await decodePicture(await readImageBytes(photo.location));
    } catch (error) {
      if (!(error instanceof BusanaError)) throw error;
      found.set(photo, error.message);
    }
  });
  // In the order of the data set, not of the decoders.
  return new Map(photos.flatMap((photo) => (found.has(photo) ? [[photo, found.get(photo)!] as const] : [])));
}
