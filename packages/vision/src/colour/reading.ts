/** @file The garment of a photo and the colours it is made of. */
import { garmentOf, type Division } from '../mask/garment.ts';
import type { Picture } from '../image/picture.ts';
import { gridOf, type Grid } from './grid.ts';
import type { Lab } from './lab.ts';
import { nameOf, type NamedColour } from './names.ts';
import { paletteOf } from './palette.ts';

/** One of the colours a garment is made of. */
export interface GarmentColour {
  readonly name: NamedColour;
  readonly lab: Lab;
  /** Part of the garment, 0..1, the middle of the photo counting for more. */
  readonly share: number;
}

/** What the pixels say of a photo. */
export interface ColourReading {
  readonly grid: Grid;
  readonly division: Division;
  /** The largest share first. */
  readonly colours: readonly GarmentColour[];
  /** Per pixel of the grid, the position of the nearest of the colours. */
  readonly nearest: Uint8Array;
}

const COLOURS = 10;
/** Standard deviation, as a share of the side, of the weight that pixels have by their place. */
const SPREAD = { across: 0.2, down: 0.22 } as const;

/** Finds the garment and its colours; the same for the same pixels. */
export function readColours(picture: Picture): ColourReading {
  const grid = gridOf(picture);
  const division = garmentOf(grid);
  const weights = placeWeights(grid).map((weight, pixel) => weight * division.garment[pixel]!);
  const palette = paletteOf(grid.lab, weights, COLOURS);
  const total = palette.weights.reduce((sum, weight) => sum + weight, 0);
  const order = palette.colours
    .map((lab, index) => ({ index, lab, share: palette.weights[index]! / total }))
    .sort((a, b) => b.share - a.share);
  const rank = order.map((_, index) => order.findIndex((colour) => colour.index === index));
  return {
    grid,
    division,
    colours: order.map(({ lab, share }) => ({ name: nameOf(lab), lab, share })),
    nearest: palette.nearest.map((index) => rank[index]!),
  };
}

let lastWeights: { readonly width: number; readonly height: number; readonly weights: Float32Array } | undefined;

/** What a pixel counts for by its place. Kept for the next photo. */
function placeWeights({ width, height }: Grid): Float32Array {
  if (lastWeights?.width !== width || lastWeights.height !== height) {
    const weights = new Float32Array(width * height).map((_, pixel) => {
      const across = ((pixel % width) + 0.5) / width - 0.5;
      const down = (Math.floor(pixel / width) + 0.5) / height - 0.52;
      return Math.exp(-0.5 * ((across / SPREAD.across) ** 2 + (down / SPREAD.down) ** 2));
    });
    lastWeights = { width, height, weights };
  }
  return lastWeights.weights;
}
