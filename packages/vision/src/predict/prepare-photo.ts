/** @file A photo -> what the model is asked with. However many are prepared at once, what that holds in memory is bounded. */
import { BusanaError, type ErrorCode } from '@busana/contracts';
import { availableParallelism } from 'node:os';
import { Budget } from '../budget.ts';
import { readImageBytes } from '../data/bytes.ts';
import type { Photo } from '../data/dataset.ts';
import { preparePicture } from '../image/resize.ts';

/** A photo ready for the model, at each of its sizes (uint8 `[size, size, 3]`). */
export interface PreparedPhoto {
  readonly photo: Photo;
  readonly pictures: readonly Uint8Array[];
}

/** A photo that nothing can be read from, and why. */
export interface UnreadablePhoto {
  readonly photo: Photo;
  readonly reason: string;
  readonly code: ErrorCode;
}

export type Prepared = PreparedPhoto | UnreadablePhoto;

/** Photos whose files are held in memory: enough to keep every processor decoding while others are read. */
const FILES_AT_ONCE = Math.max(8, 2 * availableParallelism());

/**
 * Pixels that are decoded at once: two photos of a phone, or one of the largest, alone. Progressive and turned photos
 * are decoded whole, which takes up to 9 bytes a pixel.
 */
const PIXELS_AT_ONCE = 25_000_000;

/** Prepares photos for a model with square inputs of these sizes: who asks for many at once waits for their turn. */
export function photoPreparer(sizes: readonly number[]): (photo: Photo) => Promise<Prepared> {
  const files = new Budget(FILES_AT_ONCE);
  const pixels = new Budget(PIXELS_AT_ONCE);
  return (photo) =>
    files.share(async (take) => {
      await take(1);
      return pixels.share((admit) => prepareOne(photo, sizes, admit));
    });
}

async function prepareOne(
  photo: Photo,
  sizes: readonly number[],
  admit: (pixels: number) => Promise<void>,
): Promise<Prepared> {
  try {
    const bytes = await readImageBytes(photo.location);
    const pictures: Uint8Array[] = [];
    // One size after the other needs what one does; asking twice while others hold a share could wait for ever.
    let admitted: Promise<void> | undefined;
    const once = (pixels: number): Promise<void> => (admitted ??= admit(pixels));
    for (const size of sizes) pictures.push((await preparePicture(bytes, size, { admit: once })).data);
    return { photo, pictures };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { photo, reason, code: error instanceof BusanaError ? error.code : 'IMAGE_UNREADABLE' };
  }
}
