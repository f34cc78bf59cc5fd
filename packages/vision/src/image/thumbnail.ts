import { BusanaError } from '@busana/contracts';
import { readImageBytes } from '../data/bytes.ts';
import type { Photo } from '../data/dataset.ts';
import { openPhoto } from './decode.ts';

/** Longest side of a thumbnail in a report, in pixels. */
const SIDE = 200;

/** A small JPEG of a photo; undefined when the photo is gone or cannot be read any more. @param side longest, in pixels */
export async function thumbnail({ location }: Pick<Photo, 'location'>, side = SIDE): Promise<Uint8Array | undefined> {
  try {
    const { pipeline } = await openPhoto(await readImageBytes(location));
    return await pipeline
      .resize(side, side, { fit: 'inside', withoutEnlargement: true })
      .jpeg({ quality: 80 })
      .toBuffer();
  } catch (error) {
    if (error instanceof BusanaError) return undefined;
    throw error;
  }
}
