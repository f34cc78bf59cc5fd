/** @file The second opinion on colour: what the pixels of the garment say, without any network. */
import type { Attribute } from '@busana/contracts';
import { garmentOf } from '../mask/garment.ts';
import type { Picture } from '../image/picture.ts';
import { gridOf, type Grid } from './grid.ts';
import type { Lab } from './lab.ts';
import { nameOf, type NamedColour } from './names.ts';
import { paletteOf } from './palette.ts';
import { colourValues } from './values.ts';

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
  /** 1 per pixel of the grid that is of the garment. */
  readonly garment: Uint8Array;
  /** The largest share first. */
  readonly colours: readonly GarmentColour[];
}

const COLOURS = 10;
/** What a colour counts for that no value is called by: greys are folds and shadows more often than the cloth. */
const INEXACT = 0.5;
/** Standard deviation, as a share of the side, of the weight that pixels have by their place. */
const SPREAD = { across: 0.2, down: 0.22 } as const;

/** Finds the garment and its colours. */
export function readColours(picture: Picture): ColourReading {
  const grid = gridOf(picture);
  const garment = garmentOf(grid);
  const weights = Float32Array.from(garment, (inside, pixel) => (inside === 1 ? placeWeight(grid, pixel) : 0));
  const { colours, weights: shares } = paletteOf(grid.lab, weights, COLOURS);
  const total = shares.reduce((sum, share) => sum + share, 0);
  const named = colours.map((lab, index) => ({ name: nameOf(lab), lab, share: shares[index]! / total }));
  return { grid, garment, colours: named.sort((a, b) => b.share - a.share) };
}

function placeWeight({ width, height }: Grid, pixel: number): number {
  const across = ((pixel % width) + 0.5) / width - 0.5;
  const down = (Math.floor(pixel / width) + 0.5) / height - 0.52;
  return Math.exp(-0.5 * ((across / SPREAD.across) ** 2 + (down / SPREAD.down) ** 2));
}

/** The pixels' answer to an attribute of kind `colour`. */
export interface ColourOpinion {
  /** Share of the garment that has the colour of each value, in the order of the values; they add up to 1. */
  readonly shares: readonly number[];
  /** Position of the largest. */
  readonly value: number;
}

/** Undefined where the attribute's values are no colours. */
export function colourOpinion({ colours }: ColourReading, attribute: Attribute): ColourOpinion | undefined {
  const values = colourValues(attribute);
  if (values === undefined) return undefined;
  const votes = attribute.values.map(() => 0);
  for (const { name, lab, share } of colours) {
    const { value, exact } = values.valueOf(name, lab);
    votes[value]! += exact ? share : INEXACT * share;
  }
  const total = votes.reduce((sum, vote) => sum + vote, 0);
  const shares = votes.map((vote) => vote / total);
  return { shares, value: shares.indexOf(Math.max(...shares)) };
}
