/** @file The few colours that a set of pixels is made of: k-means in CIELAB (Lloyd 1982), the same for the same pixels. */
import { labAt, type Lab } from './lab.ts';

export interface Palette {
  /** Colours; those that nothing is nearest to are left out. */
  readonly colours: readonly Lab[];
  /** Sum of the weights of the pixels nearest to each. */
  readonly weights: readonly number[];
  /** Per pixel, the position of its colour; of pixels without weight too. */
  readonly nearest: Uint8Array;
}

/** Side of the cubes of CIELAB that pixels are counted in before anything else: they number hundreds, not thousands. */
const CUBE = 5;
const ROUNDS = 8;
/** Nearer to a colour than this (CIE76), no further one is begun. */
const APART = 5;

/**
 * @param lab `[n * 3]`
 * @param weightOf weight of each pixel, 0 or more
 * @param most colours at most, up to 255
 */
export function paletteOf(lab: Float32Array, weightOf: ArrayLike<number>, most: number): Palette {
  const { cubeOf, means, cubeWeights } = countCubes(lab, weightOf);
  let centres = begin(means, cubeWeights, most);
  for (let round = 0; round < ROUNDS; round += 1) centres = moved(centres, means, cubeWeights);
  const colours = Array.from({ length: centres.length / 3 }, (_, colour) => labAt(centres, colour));
  const weights = colours.map(() => 0);
  const colourOf = new Uint8Array(cubeWeights.length);
  for (let cube = 0; cube < colourOf.length; cube += 1) {
    const colour = nearestOf(means, cube, centres);
    colourOf[cube] = colour;
    weights[colour]! += cubeWeights[cube]!;
  }
  return { colours, weights, nearest: new Uint8Array(cubeOf.length).map((_, pixel) => colourOf[cubeOf[pixel]!]!) };
}

/** Centres [k * 3], each moved to the mean of the cubes nearest to it; those that none is nearest to are gone. */
function moved(centres: Float64Array, means: Float64Array, weights: Float64Array): Float64Array {
  const count = centres.length / 3;
  const total = new Float64Array(count);
  const sums = new Float64Array(centres.length);
  for (let cube = 0; cube < weights.length; cube += 1) {
    const weight = weights[cube]!;
    if (weight === 0) continue;
    const colour = nearestOf(means, cube, centres);
    total[colour]! += weight;
    for (let channel = 0; channel < 3; channel += 1) sums[colour * 3 + channel]! += weight * means[cube * 3 + channel]!;
  }
  const result: number[] = [];
  for (let at = 0; at < sums.length; at += 1) {
    const weight = total[Math.floor(at / 3)]!;
    if (weight > 0) result.push(sums[at]! / weight);
  }
  return Float64Array.from(result);
}

/** Which cube each pixel lies in; of the cubes that have pixels, the mean colour [n * 3] and the weight. */
function countCubes(lab: Float32Array, weightOf: ArrayLike<number>) {
  const positions = new Map<number, number>();
  const cubeOf = new Uint32Array(lab.length / 3);
  for (let pixel = 0; pixel < cubeOf.length; pixel += 1) {
    const l = Math.floor(lab[pixel * 3]! / CUBE);
    const a = Math.floor(lab[pixel * 3 + 1]! / CUBE) + 32;
    const b = Math.floor(lab[pixel * 3 + 2]! / CUBE) + 32;
    const key = (l * 64 + a) * 64 + b;
    const position = positions.get(key) ?? positions.size;
    if (position === positions.size) positions.set(key, position);
    cubeOf[pixel] = position;
  }
  const cubeWeights = new Float64Array(positions.size);
  const counts = new Float64Array(positions.size);
  const means = new Float64Array(positions.size * 3);
  for (let pixel = 0; pixel < cubeOf.length; pixel += 1) {
    const cube = cubeOf[pixel]!;
    cubeWeights[cube]! += weightOf[pixel]!;
    counts[cube]! += 1;
    for (let channel = 0; channel < 3; channel += 1) means[cube * 3 + channel]! += lab[pixel * 3 + channel]!;
  }
  for (let at = 0; at < means.length; at += 1) means[at]! /= counts[Math.floor(at / 3)]!;
  return { cubeOf, means, cubeWeights };
}

/** The commonest colour, then again and again the one that most is furthest from: k-means++ without chance. */
function begin(means: Float64Array, weights: Float64Array, most: number): Float64Array {
  const away = new Float64Array(weights.length).fill(Infinity);
  const chosen: number[] = [];
  while (chosen.length < most) {
    let best = -1;
    let gain = 0;
    for (let cube = 0; cube < weights.length; cube += 1) {
      if (away[cube]! < APART ** 2) continue;
      const value = weights[cube]! * (chosen.length === 0 ? 1 : away[cube]!);
      if (value > gain) {
        best = cube;
        gain = value;
      }
    }
    if (best < 0) break;
    chosen.push(best);
    for (let cube = 0; cube < weights.length; cube += 1) {
      away[cube] = Math.min(away[cube]!, squared(means, cube, means, best));
    }
  }
  const colours = chosen.flatMap((cube) => [...means.subarray(cube * 3, cube * 3 + 3)]);
  return Float64Array.from(colours.length === 0 ? [0, 0, 0] : colours);
}

function nearestOf(colours: Float64Array, index: number, centres: Float64Array): number {
  let nearest = 0;
  let least = Infinity;
  for (let centre = 0; centre < centres.length / 3; centre += 1) {
    const apart = squared(colours, index, centres, centre);
    if (apart < least) {
      nearest = centre;
      least = apart;
    }
  }
  return nearest;
}

/** CIE76 of a colour of each list, squared. */
function squared(first: Float64Array, one: number, second: Float64Array, other: number): number {
  const l = first[one * 3]! - second[other * 3]!;
  const a = first[one * 3 + 1]! - second[other * 3 + 1]!;
  const b = first[one * 3 + 2]! - second[other * 3 + 2]!;
  return l * l + a * a + b * b;
}
