/** @file The ground a garment was photographed on, where it is plain: what is joined to the border and looks like it. */
import type { Grid } from '../colour/grid.ts';
import type { Lab } from '../colour/lab.ts';

/** Of the border's pixels, how many must look alike for the ground to be called plain. */
const PLAIN = 0.5;
/** CIE76 from the commonest colour of the border that counts as alike. */
export const ALIKE = 6;
/** Shadows and uneven light may carry the ground this far from its colour; lightness counts for less than the hue. */
const FURTHEST = 16;
const LIGHTNESS = 0.4;
/** Joints of tiles and planks are narrower than this; behind them the ground goes on. */
const JOINT = 3;
/** Seen so often on the border there are joints; otherwise what looks like one is the garment's edge. */
const FEWEST_JOINTS = 3;
/** Of a row's pixels, how many are of one colour where it belongs to a frame or to nothing but ground. */
const EVEN = 0.92;
/** Rows and columns are taken away up to this share of a side. */
const DEEPEST = 0.3;
/** A step between neighbours that is still the ground: so many times what the border's neighbours differ by. */
const ROUGHNESS = 2.5;
const SMALLEST_STEP = 1.2;
const LARGEST_STEP = 4;

export interface Ground {
  readonly colour: Lab;
  /** 1 per pixel of the ground. */
  readonly pixels: Uint8Array;
}

/** Undefined where the border is of many colours. A frame of one colour belongs to the ground, whatever is inside it. */
export function plainGround(grid: Grid): Ground | undefined {
  const inner = withoutFrame(grid);
  const border = borderOf(grid, inner);
  const colour = commonest(grid, border);
  const alike = border.filter((pixel) => apart(grid.lab, pixel, colour) <= ALIKE);
  if (alike.length < PLAIN * border.length) return undefined;
  const step = Math.min(LARGEST_STEP, Math.max(SMALLEST_STEP, ROUGHNESS * roughness(grid, alike)));
  const reach = hasJoints(grid, alike) ? [1, JOINT] : [1];
  const pixels = flood(grid, alike, { colour, step, reach });
  for (let pixel = 0; pixel < pixels.length; pixel += 1) {
    if (pixels[pixel] === 0 && !isInside(grid, inner, pixel)) pixels[pixel] = 1;
  }
  return { colour, pixels };
}

/** Whether something narrow of another colour runs through the ground at the border. */
function hasJoints({ width, lab }: Grid, alike: readonly number[]): boolean {
  const ground = new Set(alike);
  const crossed = alike.filter((pixel) =>
    [1, width].some(
      (way) =>
        ground.has(pixel + JOINT * way) &&
        between(lab, pixel, pixel + JOINT * way) <= ALIKE &&
        Math.max(between(lab, pixel, pixel + way), between(lab, pixel, pixel + 2 * way)) > ALIKE,
    ),
  );
  return crossed.length >= FEWEST_JOINTS;
}

/** Columns and rows from `left` and `top` up to `right` and `bottom`, those left out. */
interface Rectangle {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

function isInside({ width }: Grid, { left, top, right, bottom }: Rectangle, pixel: number): boolean {
  const x = pixel % width;
  const y = Math.floor(pixel / width);
  return x >= left && x < right && y >= top && y < bottom;
}

/** What is left when rows and columns of one colour are taken away from the border inwards. */
function withoutFrame(grid: Grid): Rectangle {
  const { width, height } = grid;
  const inner = { left: 0, top: 0, right: width, bottom: height };
  const row = (y: number) => Array.from({ length: inner.right - inner.left }, (_, x) => y * width + inner.left + x);
  const column = (x: number) => Array.from({ length: inner.bottom - inner.top }, (_, y) => (inner.top + y) * width + x);
  const [deep, wide] = [Math.floor(height * DEEPEST), Math.floor(width * DEEPEST)];
  while (inner.top < deep && isEven(grid, row(inner.top))) inner.top += 1;
  while (inner.bottom > height - deep && isEven(grid, row(inner.bottom - 1))) inner.bottom -= 1;
  while (inner.left < wide && isEven(grid, column(inner.left))) inner.left += 1;
  while (inner.right > width - wide && isEven(grid, column(inner.right - 1))) inner.right -= 1;
  return inner;
}

function isEven(grid: Grid, line: readonly number[]): boolean {
  const colour = meanOf(grid, line);
  return line.filter((pixel) => apart(grid.lab, pixel, colour) <= ALIKE).length >= EVEN * line.length;
}

/** Pixels of the two outermost rows and columns. */
function borderOf({ width }: Grid, { left, top, right, bottom }: Rectangle): number[] {
  const result: number[] = [];
  for (let y = top; y < bottom; y += 1) {
    for (let x = left; x < right; x += 1) {
      const depth = Math.min(x - left, y - top, right - 1 - x, bottom - 1 - y);
      if (depth < 2) result.push(y * width + x);
    }
  }
  return result;
}

/** The mean of those pixels that are near the one that most are near to. */
function commonest({ lab }: Grid, border: readonly number[]): Lab {
  const candidates = border.filter((_, index) => index % 16 === 0);
  let best: readonly number[] = [];
  for (const candidate of candidates) {
    const centre = { l: lab[candidate * 3]!, a: lab[candidate * 3 + 1]!, b: lab[candidate * 3 + 2]! };
    const near = border.filter((pixel) => apart(lab, pixel, centre) <= ALIKE);
    if (near.length > best.length) best = near;
  }
  return meanOf({ lab }, best);
}

function meanOf({ lab }: Pick<Grid, 'lab'>, pixels: readonly number[]): Lab {
  const mean = (channel: number) =>
    pixels.reduce((sum, pixel) => sum + lab[pixel * 3 + channel]!, 0) / Math.max(1, pixels.length);
  return { l: mean(0), a: mean(1), b: mean(2) };
}

/** Median difference between a pixel and the one to its right or below it. */
function roughness({ width, lab }: Grid, pixels: readonly number[]): number {
  const steps = pixels
    .flatMap((pixel) => [pixel + 1, pixel + width].map((other) => between(lab, pixel, other)))
    .filter((step) => step <= ALIKE)
    .sort((a, b) => a - b);
  return steps[Math.floor(steps.length / 2)] ?? 0;
}

function flood(
  { width, height, lab }: Grid,
  seeds: readonly number[],
  { colour, step, reach }: { readonly colour: Lab; readonly step: number; readonly reach: readonly number[] },
): Uint8Array {
  const found = new Uint8Array(width * height);
  const waiting = [...seeds];
  for (const seed of seeds) found[seed] = 1;
  const visit = (pixel: number, next: number, far: number): void => {
    if (next < 0 || next >= found.length || found[next] === 1 || between(lab, pixel, next) > step) return;
    if (far === 1 ? drifted(lab, next, colour) > FURTHEST : apart(lab, next, colour) > ALIKE) return;
    found[next] = 1;
    waiting.push(next);
  };
  for (let pixel = waiting.pop(); pixel !== undefined; pixel = waiting.pop()) {
    const x = pixel % width;
    for (const far of reach) {
      if (x >= far) visit(pixel, pixel - far, far);
      if (x < width - far) visit(pixel, pixel + far, far);
      visit(pixel, pixel - far * width, far);
      visit(pixel, pixel + far * width, far);
    }
  }
  return found;
}

/** How far a pixel is from a colour, less for what light and shadow do. */
function drifted(lab: Float32Array, pixel: number, { l, a, b }: Lab): number {
  const lightness = LIGHTNESS * (lab[pixel * 3]! - l);
  return Math.sqrt(lightness ** 2 + (lab[pixel * 3 + 1]! - a) ** 2 + (lab[pixel * 3 + 2]! - b) ** 2);
}

/** CIE76 of a pixel from a colour. */
export function apart(lab: Float32Array, pixel: number, { l, a, b }: Lab): number {
  return Math.sqrt((lab[pixel * 3]! - l) ** 2 + (lab[pixel * 3 + 1]! - a) ** 2 + (lab[pixel * 3 + 2]! - b) ** 2);
}

function between(lab: Float32Array, first: number, second: number): number {
  const [at, to] = [first * 3, second * 3];
  return Math.sqrt(
    (lab[at]! - lab[to]!) ** 2 + (lab[at + 1]! - lab[to + 1]!) ** 2 + (lab[at + 2]! - lab[to + 2]!) ** 2,
  );
}
