/**
 * @file Where the garment is, without a network: a plain ground is taken away from the border inwards; what is left, or
 * all of the photo where the ground is not plain, is divided by what a colour is more of: middle or border. After the
 * idea of GrabCut (Rother, Kolmogorov and Blake 2004): colours of both sides and the division are found in turns.
 */
import { gridOf, type Grid } from '../colour/grid.ts';
import { paletteOf } from '../colour/palette.ts';
import type { Picture } from '../image/picture.ts';
import { ALIKE, apart, plainGround, type Ground } from './ground.ts';
import { blurred, fillHoles, partsOf } from './regions.ts';
import { withoutSkin } from './skin.ts';

const COLOURS = 12;
const ROUNDS = 5;
/** Less of the photo than this is no garment but what a flood has left of one. */
const LEAST = 0.06;
/** Parts smaller than this share of the largest are not of the garment. */
const SMALLEST_PART = 0.15;
/** Nor are those that lie at the border: frames, banners, what stands in the background. */
const LEAST_LIKELY = 0.3;
/** Where no ground is plain and colours inside and outside differ by less, it is the place alone that divided. */
const LEAST_SEPARATION = 0.3;

/**
 * The garment of a product photo: 1 there and 0 elsewhere, `[height, width]`; undefined where nothing stands out, so that
 * whoever relies on it can say so.
 */
export function garmentMask(picture: Picture): Uint8Array | undefined {
  const grid = gridOf(picture);
  const { garment, guessed } = garmentOf(grid);
  if (guessed) return undefined;
  const { width, height } = picture;
  const mask = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    const row = Math.min(grid.height - 1, Math.floor(y / grid.step)) * grid.width;
    for (let x = 0; x < width; x += 1) {
      mask[y * width + x] = garment[row + Math.min(grid.width - 1, Math.floor(x / grid.step))]!;
    }
  }
  return mask;
}

/** What was found on a grid. */
export interface Division {
  /** 1 per pixel of the garment. */
  readonly garment: Uint8Array;
  /** 1 per pixel of a plain ground; undefined where there is none. */
  readonly ground: Uint8Array | undefined;
  /** Whether nothing stands out, and the garment is where most are. */
  readonly guessed: boolean;
}

/** The same on the grid. Never empty: where nothing stands out, it is the middle of the photo. */
export function garmentOf(grid: Grid): Division {
  const place = placeOf(grid);
  const ground = plainGround(grid);
  for (const candidate of ground === undefined ? [undefined] : [ground, undefined]) {
    const { inside, nearest } = divide(grid, place, candidate);
    const garment = tidy(withoutSkin(grid, inside), place, grid);
    if (areaOf(garment) < LEAST * garment.length) continue;
    const guessed = candidate === undefined && separation(garment, nearest) < LEAST_SEPARATION;
    return { garment, ground: candidate?.pixels, guessed };
  }
  const middle = Uint8Array.from(place, (likely) => (likely > 0.5 ? 1 : 0));
  return { garment: middle, ground: undefined, guessed: true };
}

let lastPlace: { readonly width: number; readonly height: number; readonly likely: Float32Array } | undefined;

/** How likely a pixel is of the garment by its place alone: sellers put it into the middle. Kept for the next photo. */
function placeOf({ width, height }: Grid): Float32Array {
  if (lastPlace?.width !== width || lastPlace.height !== height) {
    lastPlace = { width, height, likely: likelyPlaces(width, height) };
  }
  return lastPlace.likely;
}

function likelyPlaces(width: number, height: number): Float32Array {
  const result = new Float32Array(width * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const across = (2 * (x + 0.5)) / width - 1;
      const down = (2 * (y + 0.5)) / height - 1.06;
      const away = Math.max(0, 1 - (across / 0.95) ** 2) * Math.max(0, 1 - (down / 1.05) ** 4);
      result[y * width + x] = 0.03 + 0.9 * away;
    }
  }
  return result;
}

/**
 * Expectation-maximisation of two mixtures over the same colours, with the place as the prior. What a plain ground was
 * flooded over is outside; what has its colour and was not is inside: white cloth on white paper.
 */
function divide(
  grid: Grid,
  place: Float32Array,
  ground?: Ground,
): { readonly inside: Uint8Array; readonly nearest: Uint8Array } {
  const everything = new Uint8Array(place.length).fill(1);
  const { nearest, colours } = paletteOf(grid.lab, everything, COLOURS);
  const prior = Float32Array.from(place);
  if (ground !== undefined)
    for (let pixel = 0; pixel < prior.length; pixel += 1) prior[pixel]! *= 1 - ground.pixels[pixel]!;
  let belongs: Float32Array = prior;
  for (let round = 0; round < ROUNDS; round += 1) {
    belongs = blurred(posterior(belongs, { prior, nearest, colours: colours.length }), grid, 1);
  }
  const inside = new Uint8Array(belongs.length);
  for (let pixel = 0; pixel < inside.length; pixel += 1) {
    const alike = ground !== undefined && apart(grid.lab, pixel, ground.colour) <= 2 * ALIKE;
    if (ground?.pixels[pixel] !== 1 && (belongs[pixel]! > 0.5 || alike)) inside[pixel] = 1;
  }
  return { inside, nearest };
}

/** How far the colours inside and outside differ: 0 the same, in the same shares, to 1 none in common. */
function separation(garment: Uint8Array, nearest: Uint8Array): number {
  const shares = [new Float64Array(COLOURS), new Float64Array(COLOURS)] as const;
  const area = areaOf(garment);
  if (area === garment.length) return 0;
  garment.forEach((inside, pixel) => {
    shares[inside === 1 ? 1 : 0][nearest[pixel]!]! += 1 / (inside === 1 ? area : garment.length - area);
  });
  return shares[0].reduce((sum, share, colour) => sum + Math.abs(share - shares[1][colour]!) / 2, 0);
}

/** P(garment | colour, place) from how often each colour is inside and outside by what is believed so far. */
function posterior(
  belongs: Float32Array,
  { prior, nearest, colours }: { prior: Float32Array; nearest: Uint8Array; colours: number },
): Float32Array {
  const inside = new Float64Array(colours);
  const outside = new Float64Array(colours);
  let all = 1e-9;
  for (let pixel = 0; pixel < belongs.length; pixel += 1) {
    const probability = belongs[pixel]!;
    inside[nearest[pixel]!]! += probability;
    outside[nearest[pixel]!]! += 1 - probability;
    all += probability;
  }
  const others = belongs.length - all + 1e-9;
  const result = new Float32Array(belongs.length);
  for (let pixel = 0; pixel < belongs.length; pixel += 1) {
    const before = prior[pixel]!;
    const colour = nearest[pixel]!;
    const of = (before * inside[colour]!) / all;
    const not = ((1 - before) * outside[colour]!) / others;
    result[pixel] = of / Math.max(1e-12, of + not);
  }
  return result;
}

/** Specks away, holes filled, the parts that matter kept: large ones, where a garment is. */
function tidy(mask: Uint8Array, place: Float32Array, grid: Grid): Uint8Array {
  const shares = blurred(Float32Array.from(mask), grid, 1);
  const smooth = mask.map((_, pixel) => (shares[pixel]! > 0.5 ? 1 : 0));
  const parts = partsOf(smooth, grid).map((pixels) => {
    const likely = pixels.reduce((total, pixel) => total + place[pixel]!, 0);
    return { pixels, likely, mean: likely / pixels.length };
  });
  const largest = Math.max(0, ...parts.map(({ likely }) => likely));
  const result = new Uint8Array(mask.length);
  for (const { pixels, likely, mean } of parts) {
    if (likely < SMALLEST_PART * largest || mean < LEAST_LIKELY) continue;
    for (const pixel of pixels) result[pixel] = 1;
  }
  fillHoles(result, grid, 0.25 * areaOf(result));
  return result;
}

function areaOf(mask: Uint8Array): number {
  let area = 0;
  for (let pixel = 0; pixel < mask.length; pixel += 1) area += mask[pixel]!;
  return area;
}
