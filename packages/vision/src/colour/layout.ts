/** @file What else a seller's photo shows: a second garment, banners, several pictures in one, lettering. */
import type { Grid } from './grid.ts';
import type { ColourReading } from './reading.ts';

/** A step in CIE76 that is an edge. */
const EDGE = 12;
/** Of a line's pixels, how many have an edge along it where it is drawn with a ruler. */
const RULED = 0.88;

/** Straight edges from one side of the photo to the other, as shares of its height (or width). */
function ruledLines({ width, height, lab }: Grid, way: 'across' | 'down'): number[] {
  const [lines, length] = way === 'across' ? [height, width] : [width, height];
  const at = (line: number, along: number) => (way === 'across' ? line * width + along : along * width + line) * 3;
  const found: number[] = [];
  for (let line = 1; line < lines; line += 1) {
    let edges = 0;
    for (let along = 0; along < length; along += 1) {
      const [a, b] = [at(line - 1, along), at(line, along)];
      const step = Math.hypot(lab[a]! - lab[b]!, lab[a + 1]! - lab[b + 1]!, lab[a + 2]! - lab[b + 2]!);
      if (step > EDGE) edges += 1;
    }
    if (edges >= RULED * length) found.push(line / lines);
  }
  return found;
}

/** A strip or a frame that was laid over the photo, along one of its sides. */
export function hasBanner({ grid }: ColourReading): boolean {
  return (['across', 'down'] as const).some((way) =>
    ruledLines(grid, way).some((place) => (place > 0.02 && place < 0.3) || (place > 0.7 && place < 0.98)),
  );
}

/** Several pictures in one: an edge through the middle. */
export function isCollage({ grid }: ColourReading): boolean {
  return (['across', 'down'] as const).some((way) =>
    ruledLines(grid, way).some((place) => place >= 0.3 && place <= 0.7),
  );
}

const FEWEST_TURNS = 8;
const FEWEST_ROWS = 3;

/** Lettering on a plain ground beside the garment: rows in which light and dark take turns. */
export function hasLettering({ grid, division: { garment, ground } }: ColourReading): boolean {
  if (ground === undefined) return false;
  const { width, height, lab } = grid;
  let rows = 0;
  for (let y = 0; y < height; y += 1) {
    let turns = 0;
    for (let x = 1; x < width; x += 1) {
      const pixel = y * width + x;
      if (garment[pixel] === 1 || garment[pixel - 1] === 1) continue;
      if (Math.abs(lab[pixel * 3]! - lab[pixel * 3 - 3]!) > EDGE) turns += 1;
    }
    rows = turns >= FEWEST_TURNS ? rows + 1 : 0;
    if (rows >= FEWEST_ROWS) return true;
  }
  return false;
}
