/** @file Points on the straight lines from background photos to the photo. */
import { BusanaError } from '@busana/contracts';
import type { Random } from '@busana/engine';

/** One point of one path. */
export interface Point {
  readonly background: number;
  /** 0 at the background, 1 at the photo. */
  readonly share: number;
  /** What it counts in a mean over all paths and shares; the weights of a draw average 1. */
  readonly weight: number;
}

/** Of the points, the share that is spread over the paths regardless of what the output does there. */
const EVERYWHERE = 0.25;

/**
 * Draws points, more of them where the output changes, and weighs them down by as much (importance sampling): a mean over
 * them has the same expectation as over points drawn evenly, and a smaller error, because a sure answer changes on a
 * short stretch of each path only. One point is drawn in each of `count` equal parts of the probability.
 * @param outputs per background photo, the output at evenly spaced shares from 0 to 1
 */
export function drawPoints(outputs: readonly (readonly number[])[], count: number, random: Random): Point[] {
  if (outputs.length === 0) throw new BusanaError('USAGE', 'there are no background photos to compare with');
  const cells = outputs.flatMap((path, background) =>
    path.slice(1).map((output, cell) => ({
      background,
      from: cell / (path.length - 1),
      width: 1 / (path.length - 1),
      change: Math.abs(output - path[cell]!),
    })),
  );
  const total = cells.reduce((sum, { change }) => sum + change, 0);
  const masses = cells.map(({ change, width }) => {
    const even = width / outputs.length;
    return total === 0 ? even : EVERYWHERE * even + ((1 - EVERYWHERE) * change) / total;
  });
  const points: Point[] = [];
  let cell = 0;
  let before = 0;
  for (let part = 0; part < count; part += 1) {
    const mark = (part + random.uniform()) / count;
    while (cell < cells.length - 1 && before + masses[cell]! <= mark) {
      before += masses[cell]!;
      cell += 1;
    }
    const { background, from, width } = cells[cell]!;
    const mass = masses[cell]!;
    const inside = Math.min(1, Math.max(0, (mark - before) / mass));
    points.push({ background, share: from + inside * width, weight: width / outputs.length / mass });
  }
  return points;
}

/**
 * Float pixels of points. @param picture uint8; @param photos backgrounds of the same length
 * @param into `[points, picture.length]`
 */
export function placePoints(
  picture: Uint8Array,
  photos: readonly Uint8Array[],
  points: readonly Pick<Point, 'background' | 'share'>[],
  into: Float32Array | Uint8Array,
): void {
  points.forEach(({ background, share }, point) => {
    const start = point * picture.length;
    const photo = photos[background]!;
    for (let at = 0; at < picture.length; at += 1) {
      into[start + at] = photo[at]! + share * (picture[at]! - photo[at]!);
    }
  });
}
