/** @file The few colours that a set of pixels is made of: k-means in CIELAB (Lloyd 1982), the same for the same pixels. */
import type { Lab } from './lab.ts';

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
  const { cubeOf, cubes } = countCubes(lab, weightOf);
  let centres = begin(cubes, most);
  for (let round = 0; round < ROUNDS; round += 1) {
    const sums = centres.map(() => ({ weight: 0, l: 0, a: 0, b: 0 }));
    for (const { weight, mean } of cubes) {
      if (weight === 0) continue;
      const sum = sums[nearestOf(mean, centres)]!;
      sum.weight += weight;
      sum.l += weight * mean.l;
      sum.a += weight * mean.a;
      sum.b += weight * mean.b;
    }
    centres = sums.flatMap(({ weight, l, a, b }) =>
      weight === 0 ? [] : [{ l: l / weight, a: a / weight, b: b / weight }],
    );
  }
  const colourOf = cubes.map(({ mean }) => nearestOf(mean, centres));
  const weights = centres.map(() => 0);
  cubes.forEach(({ weight }, cube) => (weights[colourOf[cube]!]! += weight));
  return { colours: centres, weights, nearest: Uint8Array.from(cubeOf, (cube) => colourOf[cube]!) };
}

interface Cube {
  weight: number;
  mean: Lab;
}

function countCubes(lab: Float32Array, weightOf: ArrayLike<number>): { cubeOf: Uint32Array; cubes: Cube[] } {
  const positions = new Map<number, number>();
  const sums: { weight: number; count: number; l: number; a: number; b: number }[] = [];
  const cubeOf = new Uint32Array(lab.length / 3);
  for (let pixel = 0; pixel < cubeOf.length; pixel += 1) {
    const [l, a, b] = [lab[pixel * 3]!, lab[pixel * 3 + 1]!, lab[pixel * 3 + 2]!];
    const key = (Math.floor(l / CUBE) * 64 + Math.floor(a / CUBE) + 32) * 64 + Math.floor(b / CUBE) + 32;
    let position = positions.get(key);
    if (position === undefined) {
      position = sums.length;
      positions.set(key, position);
      sums.push({ weight: 0, count: 0, l: 0, a: 0, b: 0 });
    }
    cubeOf[pixel] = position;
    const sum = sums[position]!;
    sum.weight += weightOf[pixel]!;
    sum.count += 1;
    sum.l += l;
    sum.a += a;
    sum.b += b;
  }
  const cubes = sums.map(({ weight, count, l, a, b }) => ({
    weight,
    mean: { l: l / count, a: a / count, b: b / count },
  }));
  return { cubeOf, cubes };
}

/** The commonest colour, then again and again the one that most is furthest from: k-means++ without chance. */
function begin(cubes: readonly Cube[], most: number): Lab[] {
  const away = cubes.map(() => Infinity);
  const centres: Lab[] = [];
  while (centres.length < most) {
    let best = -1;
    let gain = 0;
    cubes.forEach(({ weight }, cube) => {
      const apart = centres.length === 0 ? 1 : away[cube]!;
      if (centres.length > 0 && apart < APART ** 2) return;
      if (weight * apart > gain) [best, gain] = [cube, weight * apart];
    });
    if (best < 0) break;
    const { mean } = cubes[best]!;
    centres.push(mean);
    cubes.forEach((cube, index) => (away[index] = Math.min(away[index]!, squared(cube.mean, mean))));
  }
  return centres.length === 0 ? [{ l: 0, a: 0, b: 0 }] : centres;
}

function nearestOf(colour: Lab, centres: readonly Lab[]): number {
  let nearest = 0;
  let least = Infinity;
  centres.forEach((centre, index) => {
    const apart = squared(colour, centre);
    if (apart < least) [nearest, least] = [index, apart];
  });
  return nearest;
}

/** CIE76, squared. */
function squared(first: Lab, second: Lab): number {
  return (first.l - second.l) ** 2 + (first.a - second.a) ** 2 + (first.b - second.b) ** 2;
}
