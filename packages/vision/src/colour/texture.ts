/** @file What a garment's surface is like: blended yarn, stripes. */
import type { Picture } from '../image/picture.ts';
import type { ColourReading } from './reading.ts';

/** Neutral and neither dark nor bright: what blended yarn of black and white looks like from a distance (CIELAB). */
const GREY = { darkest: 40, brightest: 85, chroma: 9 } as const;
/** Standard deviation of luma (0..255) from one pixel to the next: more than a camera's, less than a print's. */
const GRAIN = { finest: 3.5, coarsest: 20 } as const;

/** Whether the garment is mostly grey and of a fine grain. */
export function isHeather({ width, data }: Picture, { grid, division, colours }: ColourReading): boolean {
  const grey = colours
    .filter(({ lab: { l, a, b } }) => l > GREY.darkest && l < GREY.brightest && Math.hypot(a, b) < GREY.chroma)
    .reduce((sum, { share }) => sum + share, 0);
  if (grey < 0.6) return false;
  const luma = (pixel: number): number =>
    0.299 * data[pixel * 3]! + 0.587 * data[pixel * 3 + 1]! + 0.114 * data[pixel * 3 + 2]!;
  const grains: number[] = [];
  division.garment.forEach((inside, cell) => {
    const [x, y] = [(cell % grid.width) * grid.step, Math.floor(cell / grid.width) * grid.step];
    if (inside === 0 || x === 0 || x >= width - 1) return;
    const pixel = y * width + x;
    // The second difference: light and shadow that change evenly count for nothing.
    grains.push(Math.abs(luma(pixel - 1) - 2 * luma(pixel) + luma(pixel + 1)) / Math.sqrt(6));
  });
  grains.sort((a, b) => a - b);
  // The median of |x| of a normal distribution is 0.6745 deviations.
  const deviation = (grains[Math.floor(grains.length / 2)] ?? 0) / 0.6745;
  return deviation > GRAIN.finest && deviation < GRAIN.coarsest;
}

/** Two colours that differ by less (CIE76) are light and shadow of one. */
const APART = 25;
const FEWEST_CHANGES = 6;

/** Whether two colours take turns along one direction, and much less across it. */
export function isStriped({ grid, division, colours, nearest }: ColourReading): boolean {
  const first = colours[0]!;
  const other = colours.map(({ lab }) => {
    const [l, a, b] = [lab.l - first.lab.l, lab.a - first.lab.a, lab.b - first.lab.b];
    return Math.hypot(l, a, b) > APART;
  });
  const share = colours.reduce((sum, colour, index) => sum + (other[index] === true ? colour.share : 0), 0);
  if (share < 0.15 || share > 0.85) return false;
  const side = (pixel: number): boolean | undefined =>
    division.garment[pixel] === 1 ? other[nearest[pixel]!] : undefined;
  const changes = (pixels: readonly number[]): number => {
    let count = 0;
    let last: boolean | undefined;
    for (const pixel of pixels) {
      const now = side(pixel);
      if (now !== undefined && last !== undefined && now !== last) count += 1;
      if (now !== undefined) last = now;
    }
    return count;
  };
  const { width, height } = grid;
  const middle = (length: number) => [0.35, 0.42, 0.5, 0.58, 0.65].map((part) => Math.floor(part * length));
  const down = median(middle(width).map((x) => changes(Array.from({ length: height }, (_, y) => y * width + x))));
  const across = median(middle(height).map((y) => changes(Array.from({ length: width }, (_, x) => y * width + x))));
  return Math.max(down, across) >= FEWEST_CHANGES && Math.max(down, across) >= 2.5 * Math.min(down, across);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
