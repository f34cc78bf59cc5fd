/** @file What `shap` compares a photo with. */
import { BusanaError } from '@busana/contracts';
import { Random } from '@busana/engine';
import type { Readable } from 'node:stream';
import { readImageBytes } from '../data/bytes.ts';
import { listPhotos } from '../data/sources.ts';
import { preparePicture } from '../image/resize.ts';
import { colourNames } from '../wardrobe/colours.ts';
import { takePhoto } from '../wardrobe/photo.ts';

/** Photos of a background: more make the comparison broader and each path to the photo coarser. */
const PHOTOS = 10;

export interface Background {
  /** For people. */
  readonly source: string;
  /** Uint8 `[size, size, 3]` each. */
  readonly photos: readonly Uint8Array[];
}

/**
 * Ten photos of a source, drawn by the seed; without a source ten drawn garments, one of each type and colour.
 * @throws BusanaError DATA_NOT_FOUND, IMAGE_UNREADABLE naming the photo
 */
export async function readBackground(
  source: string | undefined,
  { size, seed, stdin }: { readonly size: number; readonly seed: number; readonly stdin: Readable },
): Promise<Background> {
  if (source === undefined) return { source: 'drawn garments', photos: await drawnGarments(size, seed) };
  const all = await listPhotos([source], stdin);
  const chosen = Random.of(seed, 'shap background').shuffle(all).slice(0, PHOTOS);
  const photos: Uint8Array[] = [];
  for (const { name, location } of chosen) {
    try {
      photos.push((await preparePicture(await readImageBytes(location), size)).data);
    } catch (cause) {
      if (!(cause instanceof BusanaError)) throw cause;
      throw new BusanaError(cause.code, `the background photo ${name}: ${cause.message}`, { cause });
    }
  }
  return { source, photos };
}

async function drawnGarments(size: number, seed: number): Promise<Uint8Array[]> {
  const photos: Uint8Array[] = [];
  for (const type of ['T-shirt', 'hoodie'] as const) {
    for (const colour of colourNames)
      photos.push((await takePhoto({ type, colour }, size, [seed, 'shap background', type, colour])).data);
  }
  return photos;
}
