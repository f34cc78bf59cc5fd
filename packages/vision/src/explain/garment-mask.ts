/** @file Where the garment is: what the colours of the photo's border do not reach. */
import type { Picture } from '../image/picture.ts';

/** 1 where a pixel is garment, `[height, width]`; undefined where no garment can be told from the ground. */
export type GarmentMask = (picture: Picture) => Uint8Array | undefined;

/** Largest distance of neighbouring ground pixels, and of a ground pixel from the median of its border, in RGB. */
const STEP = 14;
const REACH = 60;
/** Shares of the photo that a garment can have: beyond, the ground was not recognised or took the garment along. */
const LEAST = 0.05;
const MOST = 0.95;

/**
 * The ground is what can be reached from the border over pixels that hardly differ from each other nor much from the
 * border they were reached from. Needs no network; grounds with strong patterns are taken for garment.
 */
export const borderMask: GarmentMask = (picture) => {
  const { width, height } = picture;
  const ground = new Uint8Array(width * height);
  const queue: { readonly at: number; readonly border: Colour }[] = [];
  for (const side of bordersOf(width, height)) {
    const border = medianColour(picture, side);
    for (const at of side) {
      if (ground[at] === 1 || distance(colourOf(picture, at), border) > REACH) continue;
      ground[at] = 1;
      queue.push({ at, border });
    }
  }
  for (let entry = queue.pop(); entry !== undefined; entry = queue.pop()) {
    const { at, border } = entry;
    const here = colourOf(picture, at);
    for (const beside of neighbours(at, width, height)) {
      if (ground[beside] === 1) continue;
      const colour = colourOf(picture, beside);
      if (distance(colour, here) > STEP || distance(colour, border) > REACH) continue;
      ground[beside] = 1;
      queue.push({ at: beside, border });
    }
  }
  const mask = ground.map((flag) => 1 - flag);
  const share = mask.reduce((sum, flag) => sum + flag, 0) / mask.length;
  return share < LEAST || share > MOST ? undefined : mask;
};

type Colour = readonly [number, number, number];

/** The pixels of each side. */
function bordersOf(width: number, height: number): number[][] {
  const row = (y: number): number[] => Array.from({ length: width }, (_, x) => y * width + x);
  const column = (x: number): number[] => Array.from({ length: height }, (_, y) => y * width + x);
  return [row(0), row(height - 1), column(0), column(width - 1)];
}

function colourOf({ data }: Picture, at: number): Colour {
  return [data[3 * at]!, data[3 * at + 1]!, data[3 * at + 2]!];
}

/** By the median of each channel: a garment that touches the border does not move it. */
function medianColour(picture: Picture, pixels: readonly number[]): Colour {
  const median = (channel: number): number => {
    const sorted = pixels.map((at) => picture.data[3 * at + channel]!).sort((a, b) => a - b);
    return sorted[sorted.length >> 1]!;
  };
  return [median(0), median(1), median(2)];
}

function distance(a: Colour, b: Colour): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

function neighbours(at: number, width: number, height: number): number[] {
  const x = at % width;
  return [
    ...(x > 0 ? [at - 1] : []),
    ...(x < width - 1 ? [at + 1] : []),
    ...(at >= width ? [at - width] : []),
    ...(at < width * (height - 1) ? [at + width] : []),
  ];
}
