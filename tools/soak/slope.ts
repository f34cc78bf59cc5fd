/** @file Whether something grows: the slope of a straight line through it, with its interval. */

/** Pieces of time, and the 97.5 % quantile of Student's t with two degrees of freedom less. */
const PIECES = 20;
const T = 2.1009;

export interface Slope {
  readonly perHour: number;
  /** 95 %. */
  readonly interval: readonly [low: number, high: number];
}

/**
 * Least squares through the means of equal pieces of time: within a piece values follow each other, and counting each as
 * a measurement of its own would make the interval too narrow.
 * @param samples hours and values, in their order
 */
export function slopeOf(samples: readonly (readonly [hour: number, value: number])[]): Slope {
  const size = samples.length / PIECES;
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const points = Array.from({ length: PIECES }, (_, piece) => {
    const own = samples.slice(Math.round(piece * size), Math.round((piece + 1) * size));
    return [mean(own.map(([hour]) => hour)), mean(own.map(([, value]) => value))] as const;
  });
  const [x, y] = [mean(points.map(([hour]) => hour)), mean(points.map(([, value]) => value))];
  const spread = points.reduce((sum, [hour]) => sum + (hour - x) ** 2, 0);
  const perHour = points.reduce((sum, [hour, value]) => sum + (hour - x) * (value - y), 0) / spread;
  const left = points.reduce((sum, [hour, value]) => sum + (value - y - perHour * (hour - x)) ** 2, 0);
  const error = Math.sqrt(left / (PIECES - 2) / spread);
  const reach = T * error;
  return { perHour, interval: [perHour - reach, perHour + reach] };
}
