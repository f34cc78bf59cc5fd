import { BusanaError } from '@busana/contracts';
import { availableParallelism } from 'node:os';
import sharp, { type Metadata, type Sharp } from 'sharp';
import { Budget } from '../budget.ts';
import { jpegHeader } from './jpeg-header.ts';
import type { Picture } from './picture.ts';

/** Pixels a photo may have: 50 million, more than any phone's. */
const MAX_PIXELS = 50_000_000;

/** To be raised by whoever changes which pixels come out. */
const REVISION = 1;

/** Formats taken as photos, told from the content and never from the name. Drawings and documents are none. */
const photoFormats: ReadonlySet<string> = new Set(['jpeg', 'png', 'webp', 'gif', 'tiff', 'heif', 'avif']);

/** Names what {@link decodePicture} makes of a photo: another version of this file or of the library may differ. */
export function decoderIdentity(): string {
  return JSON.stringify({ revision: REVISION, ...sharp.versions });
}

// No photo is decoded twice: the library's cache would only keep whole pictures, 150 MB each, after they are done with.
sharp.cache(false);

/**
 * Pixels up to which a photo is small: decoding it, the library's two threads wait for each other half of the time, so that
 * two of them take what a large one takes. Of large ones no more are decoded at once than there are cores, for their memory.
 */
const SMALL_PIXELS = 2 ** 20;

let decoders = decodersOf(0);

/** Photos that are decoded at once, and what a small and a large one take of that number. */
function decodersOf(threads: number) {
  if (threads > 0) return { shares: new Budget(threads), small: 1, large: 1 };
  return { shares: new Budget(2 * availableParallelism()), small: 1, large: 2 };
}

/**
 * How many threads decode photos from now on, in this process: one a photo.
 * @param threads 0: as many as keep every core busy
 */
export function limitDecoding(threads: number): void {
  sharp.concurrency(Math.min(threads, 1));
  decoders = decodersOf(threads);
}

export interface DecodeOptions {
  /** Refuse pictures with more pixels; default {@link MAX_PIXELS}. */
  readonly maxPixels?: number;
  /** Awaited when the size is known and before anything of that size is allocated, to bound the memory of many. */
  readonly admit?: (pixels: number) => Promise<void>;
}

/**
 * Decodes a photo: EXIF orientation applied, greyscale, palette, 16 bits, CMYK and alpha (over white) become 8-bit
 * RGB; of an animation the first frame.
 * @throws BusanaError IMAGE_UNREADABLE, IMAGE_TOO_LARGE
 */
export async function decodePicture(bytes: Uint8Array, options: DecodeOptions = {}): Promise<Picture> {
  return pixels(await openPhoto(bytes, options));
}

/** A photo whose header has been read and accepted. */
export interface OpenPhoto {
  /** Up to upright RGB. */
  readonly pipeline: Sharp;
  /** By the content, e.g. `jpeg`. */
  readonly format: string;
  /** Before it is turned upright. */
  readonly width: number;
  readonly height: number;
  /** Whether it is upright already and has 8 bits a channel. */
  readonly plain: boolean;
}

/** A photo for whoever goes on from there. @throws BusanaError as {@link decodePicture} */
export async function openPhoto(bytes: Uint8Array, options: DecodeOptions = {}): Promise<OpenPhoto> {
  const { maxPixels = MAX_PIXELS, admit } = options;
  if (bytes.length === 0) throw new BusanaError('IMAGE_UNREADABLE', 'the file is empty');
  const { format, width, height, depth, orientation = 1 } = await header(bytes);
  if (!photoFormats.has(format)) throw new BusanaError('IMAGE_UNREADABLE', `the content is ${format}, not a photo`);
  if (width * height > maxPixels) {
    throw new BusanaError('IMAGE_TOO_LARGE', `the picture has ${width} x ${height} pixels; ${maxPixels} are the limit`);
  }
  await admit?.(width * height);
  const pipeline = sharp(bytes, { failOn: 'truncated', limitInputPixels: maxPixels })
    .autoOrient()
    .flatten({ background: 'white' })
    .toColourspace('srgb')
    .removeAlpha();
  return { pipeline, format, width, height, plain: depth === 'uchar' && orientation === 1 };
}

/** Runs the pipeline of a photo when it is its turn. @throws BusanaError IMAGE_UNREADABLE */
export async function pixels({
  pipeline,
  width,
  height,
}: Pick<OpenPhoto, 'pipeline' | 'width' | 'height'>): Promise<Picture> {
  const { data, info } = await inTurn(width * height, () =>
    pipeline.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true }),
  );
  return { width: info.width, height: info.height, data };
}

/** Reads the header alone: a picture too large is refused before anything of its size is allocated. */
async function header(
  bytes: Uint8Array,
): Promise<Pick<Metadata, 'format' | 'width' | 'height' | 'depth' | 'orientation'>> {
  const jpeg = jpegHeader(bytes);
  if (jpeg !== undefined) return { format: 'jpeg', depth: 'uchar', ...jpeg };
  return inTurn(0, () => sharp(bytes, { limitInputPixels: false }).metadata());
}

/** Has the library do something with a photo of so many pixels. @throws BusanaError IMAGE_UNREADABLE */
async function inTurn<T>(size: number, work: () => Promise<T>): Promise<T> {
  const { shares, small, large } = decoders;
  const within = (amount: number): Promise<T> =>
    shares.share(async (take) => {
      await take(amount);
      return work();
    });
  try {
    return await within(size <= SMALL_PIXELS ? small : large);
  } catch {
    // All threads leave their reasons in one place of the library, and remove them there: only alone it is this photo's.
    return within(Infinity).catch((cause: unknown) => Promise.reject(unreadable(cause)));
  }
}

function unreadable(cause: unknown): BusanaError {
  const reason = (cause instanceof Error ? cause.message : String(cause)).split('\n')[0] ?? '';
  const plain = /unsupported image format/i.test(reason) ? 'the content is not a picture' : `it is damaged: ${reason}`;
  return new BusanaError('IMAGE_UNREADABLE', plain, { cause });
}
