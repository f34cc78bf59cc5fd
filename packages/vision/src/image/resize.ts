import { hashOf } from '../hash.ts';
import { decoderIdentity, openPhoto, pixels, type DecodeOptions } from './decode.ts';
import { enlarge, enlarges } from './enlarge.ts';
import type { Picture } from './picture.ts';

/**
 * The one resize of the product: to exactly `size` x `size`, not keeping the aspect (as the study's resize to
 * 224 x 224), by Catmull-Rom bicubic interpolation, antialiased where it shrinks. Training, evaluation, prediction
 * and the golden check all come through here.
 * @throws BusanaError IMAGE_UNREADABLE, IMAGE_TOO_LARGE
 */
export async function preparePicture(bytes: Uint8Array, size: number, options: DecodeOptions = {}): Promise<Picture> {
  const photo = await openPhoto(bytes, options);
  // The library resizes before it turns a photo upright or rounds it to 8 bits.
  if (photo.plain && enlarges(photo, size)) return enlarge(await pixels(photo), size);
  // Shrinking while loading would average pixels by another filter.
  const pipeline = photo.pipeline.resize(size, size, { fit: 'fill', kernel: 'cubic', fastShrinkOnLoad: false });
  return pixels({ ...photo, pipeline });
}

/** Names what {@link preparePicture} makes of a photo, for caches. To be raised with every change of its pixels. */
const REVISION = 1;

/** The same for the same size and the same code. */
export function resizeIdentity(size: number): string {
  return hashOf([JSON.stringify({ size, revision: REVISION }), decoderIdentity()]).slice(0, 32);
}
