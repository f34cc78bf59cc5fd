import type { Picture } from '../image/picture.ts';

/** Of a line of pixels, the share that must change for an edge that goes across the photo. */
const ACROSS = 0.85;
/** Change of a channel, in steps of 255, that counts. */
const CHANGE = 20;
/** How far into the photo a banner reaches at most, as a share of its side; and at least, lest a frame be one. */
const DEEPEST = 0.4;
const SHALLOWEST = 0.05;

/**
 * Banners that were laid along an edge of the photo: strips that end in a straight edge from one side to the other.
 * @returns 1 where a banner is, `[height, width]`; undefined where there is none
 */
export function findBanners(picture: Picture): Uint8Array | undefined {
  const { width, height } = picture;
  const mask = new Uint8Array(width * height);
  let found = false;
  for (const [length, breadth, position] of [
    [height, width, (depth: number, along: number) => depth * width + along],
    [height, width, (depth: number, along: number) => (height - 1 - depth) * width + along],
    [width, height, (depth: number, along: number) => along * width + depth],
    [width, height, (depth: number, along: number) => along * width + width - 1 - depth],
  ] as const) {
    const depth = depthOf(picture, length, breadth, position);
    found ||= depth > 0;
    for (let line = 0; line < depth; line += 1) {
      for (let along = 0; along < breadth; along += 1) mask[position(line, along)] = 1;
    }
  }
  return found ? mask : undefined;
}

/** How deep the strip along one edge is; 0 without one. */
function depthOf(
  { data }: Picture,
  length: number,
  breadth: number,
  position: (depth: number, along: number) => number,
): number {
  for (let depth = Math.floor(length * DEEPEST); depth >= length * SHALLOWEST; depth -= 1) {
    let changes = 0;
    for (let along = 0; along < breadth; along += 1) {
      const [here, before] = [position(depth, along) * 3, position(depth - 1, along) * 3];
      const change = Math.max(...[0, 1, 2].map((channel) => Math.abs(data[here + channel]! - data[before + channel]!)));
      if (change >= CHANGE) changes += 1;
    }
    if (changes >= breadth * ACROSS) return depth;
  }
  return 0;
}
