/** @file The colours of the garment on each photo, kept between runs: what colours are called is decided anew each time. */
import { BusanaError } from '@busana/contracts';
import { join } from 'node:path';
import { nameOf } from '../colour/names.ts';
import { readColours, type GarmentColour } from '../colour/reading.ts';
import { readImageBytes } from '../data/bytes.ts';
import { contentHash } from '../data/content-hash.ts';
import type { Photo } from '../data/dataset.ts';
import { hashOf } from '../hash.ts';
import { preparePicture, resizeIdentity } from '../image/resize.ts';
import { inParallel } from '../parallel.ts';
import { RecordCache } from '../records/record-cache.ts';
import { readRecord } from '../records/segment.ts';

/** Side of the pictures that colours are read from, in pixels: that of most networks. */
const SIZE = 224;
/** Colours that are kept of a photo, each as lightness, a*, b* and share; a reading has no more. */
const COLOURS = 10;
const NUMBERS = 4;
const RECORD_BYTES = COLOURS * NUMBERS * 4;
/** To be raised with every change of masks and palettes. */
const REVISION = 1;
/** Bytes that readings may take up: those of millions of photos. */
const LIMIT = 1e9;

export interface ReadColoursOptions {
  readonly cache: string;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Per photo, the colours of its garment, the largest share first.
 * @param photos that can be decoded
 * @throws BusanaError INTERRUPTED, OUTPUT_UNWRITABLE, IMAGE_UNREADABLE when a photo has changed since it was looked at
 */
export async function readAllColours(
  photos: readonly Photo[],
  { cache, onProgress, signal }: ReadColoursOptions,
): Promise<readonly (readonly GarmentColour[])[]> {
  const keys = new Map<Photo, string>();
  await inParallel(photos, async (photo) => void keys.set(photo, await contentHash(photo.location)));
  const folder = join(cache, 'colours', hashOf([resizeIdentity(SIZE), String(REVISION)]).slice(0, 32));
  const what = 'colours of garments';
  const records = await RecordCache.open({ folder, length: RECORD_BYTES, what, limit: LIMIT }, [...keys.values()]);
  const found = new Map<Photo, readonly GarmentColour[]>();
  try {
    await inParallel(photos, async (photo) => {
      if (signal?.aborted === true) throw interrupted();
      const record = Buffer.alloc(RECORD_BYTES);
      const place = records.find(keys.get(photo)!);
      if (place === undefined || !readRecord(place, record)) {
        const picture = await preparePicture(await readImageBytes(photo.location), SIZE);
        encode(readColours(picture).colours, record);
        await records.put(keys.get(photo)!, record);
      }
      found.set(photo, decode(record));
      onProgress?.(found.size, photos.length);
    });
    return photos.map((photo) => found.get(photo)!);
  } finally {
    await records.release();
  }
}

function encode(colours: readonly GarmentColour[], record: Buffer): void {
  record.fill(0);
  colours.forEach(({ lab: { l, a, b }, share }, colour) => {
    [l, a, b, share].forEach((value, at) => record.writeFloatLE(value, (colour * NUMBERS + at) * 4));
  });
}

/** Colours without a share were never there. */
function decode(record: Buffer): GarmentColour[] {
  return Array.from({ length: COLOURS }, (_, colour) => {
    const at = (number: number): number => record.readFloatLE((colour * NUMBERS + number) * 4);
    const lab = { l: at(0), a: at(1), b: at(2) };
    return { lab, share: at(3), name: nameOf(lab) };
  }).filter(({ share }) => share > 0);
}

function interrupted(): BusanaError {
  const remedy = 'Run again: photos that were read are not read again.';
  return new BusanaError('INTERRUPTED', 'stopped while reading colours', { remedy });
}
