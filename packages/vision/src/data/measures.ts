import sharp from 'sharp';
import type { Picture } from '../image/picture.ts';

/** What a picture looks like, in numbers. */
export interface Measures {
  /** Mean luma (ITU-R BT.601), 0 black to 255 white. */
  readonly brightness: number;
  /** Standard deviation of the luma, 0..127.5. */
  readonly contrast: number;
  /** Variance of the Laplacian of the luma: low where a photo is blurred (Pech-Pacheco et al. 2000). */
  readonly sharpness: number;
  /** Median colour of the frame along the border, 8-bit RGB. */
  readonly background: readonly [red: number, green: number, blue: number];
  /** Share of the frame that has nearly this colour, 0..1: near 1 for a plain background. */
  readonly backgroundShare: number;
}

/** Longest side that is measured, in pixels: sharpness depends on the size, and networks see photos about so large. */
const LARGEST = 256;
/** Width of the frame, as a share of the shorter side. */
const FRAME = 0.05;
/** Steps of a channel within which a colour is nearly the same. */
const NEARLY = 16;

/** Measured on the picture shrunk to {@link LARGEST}, never enlarged. */
export async function measure(picture: Picture): Promise<Measures> {
  const { data, width, height } = await shrunk(picture);
  const luma = new Float32Array(width * height);
  for (let pixel = 0; pixel < luma.length; pixel += 1) {
    luma[pixel] = 0.299 * data[pixel * 3]! + 0.587 * data[pixel * 3 + 1]! + 0.114 * data[pixel * 3 + 2]!;
  }
  const { mean, variance } = moments(luma);
  return {
    brightness: mean,
    contrast: Math.sqrt(variance),
    sharpness: moments(laplacian(luma, width, height)).variance,
    ...backgroundOf({ data, width, height }),
  };
}

async function shrunk(picture: Picture): Promise<Picture> {
  const { data, width, height } = picture;
  if (Math.max(width, height) <= LARGEST) return picture;
  const smaller = await sharp(data, { raw: { width, height, channels: 3 } })
    .resize(LARGEST, LARGEST, { fit: 'inside' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data: smaller.data, width: smaller.info.width, height: smaller.info.height };
}

/** The four neighbours less four times the middle, at every place that has them all. */
function laplacian(luma: Float32Array, width: number, height: number): Float32Array {
  const result = new Float32Array(Math.max(0, width - 2) * Math.max(0, height - 2));
  let next = 0;
  for (let y = 1; y < height - 1; y += 1) {
    for (let at = y * width + 1; at < (y + 1) * width - 1; at += 1) {
      result[next] = luma[at - 1]! + luma[at + 1]! + luma[at - width]! + luma[at + width]! - 4 * luma[at]!;
      next += 1;
    }
  }
  return result;
}

function moments(values: Float32Array): { readonly mean: number; readonly variance: number } {
  if (values.length === 0) return { mean: 0, variance: 0 };
  let [sum, squares] = [0, 0];
  for (const value of values) sum += value;
  const mean = sum / values.length;
  for (const value of values) squares += (value - mean) ** 2;
  return { mean, variance: squares / values.length };
}

function backgroundOf({ data, width, height }: Picture): Pick<Measures, 'background' | 'backgroundShare'> {
  const frame = Math.max(1, Math.round(FRAME * Math.min(width, height)));
  const inside = (x: number, y: number): boolean => x >= frame && x < width - frame && y >= frame && y < height - frame;
  const pixels: number[] = [];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) if (!inside(x, y)) pixels.push((y * width + x) * 3);
  }
  const median = (channel: number): number =>
    Uint8Array.from(pixels, (at) => data[at + channel]!).sort()[Math.floor(pixels.length / 2)]!;
  const background = [median(0), median(1), median(2)] as const;
  const near = pixels.filter((at) => background.every((value, c) => Math.abs(data[at + c]! - value) <= NEARLY));
  return { background, backgroundShare: near.length / pixels.length };
}
