/** @file Whether something grows: the slope of a straight line through it, with an interval that knows of its memory. */
import quantile from '@stdlib/stats-base-dists-t-quantile';

/** Pieces of time: one a minute in half an hour. */
const PIECES = 30;

export interface Slope {
  readonly perHour: number;
  /** 95 %; infinite where what was measured hangs together so closely that it tells nothing. */
  readonly interval: readonly [low: number, high: number];
  /** Correlation of each piece with the one before, -1..1. */
  readonly correlation: number;
}

/** What was measured when. */
export type Sample = readonly [hour: number, value: number];

/**
 * Least squares through the values of equal pieces of time. Memory that has grown stays for a while, so that a piece is not
 * far from the one before: as many pieces n with the correlation r are worth n (1 - r) / (1 + r) that have nothing to do
 * with each other, and the error of the slope and its degrees of freedom are those of so few (Santer and others, 2000,
 * Statistical significance of trends and trend differences in layer-average atmospheric temperature time series, Journal
 * of Geophysical Research 105, 7337-7356). What is left of a straight line correlates less than what it was taken
 * from, by (2 + 4 r) / n (Shaman and Stine, 1988, The bias of autoregressive coefficient estimators, Journal of the American
 * Statistical Association 83), which is given back.
 * @param points of {@link pieces}
 */
export function slopeOf(points: readonly Sample[]): Slope {
  const n = points.length;
  const [x, y] = [mean(points.map(([hour]) => hour)), mean(points.map(([, value]) => value))];
  const spread = sum(points.map(([hour]) => (hour - x) ** 2));
  const perHour = sum(points.map(([hour, value]) => (hour - x) * (value - y))) / spread;
  const left = points.map(([hour, value]) => value - y - perHour * (hour - x));
  const correlation = correlationOf(left);
  // One that swings back and forth is taken for one without memory: nothing is won by it.
  const worth = (n * (1 - Math.max(0, correlation))) / (1 + Math.max(0, correlation));
  const error = Math.sqrt(sum(left.map((value) => value ** 2)) / (worth - 2) / spread);
  const reach = worth > 2 ? quantile(0.975, worth - 2) * error : Infinity;
  return { perHour, interval: [perHour - reach, perHour + reach], correlation };
}

/**
 * Equal pieces of time, each with its mean hour and one value.
 * @param samples in their order @param of makes one value of those of a piece; default: their mean
 */
export function pieces(samples: readonly Sample[], of: (values: readonly number[]) => number = mean): Sample[] {
  const size = samples.length / PIECES;
  return Array.from({ length: PIECES }, (_, piece) => {
    const own = samples.slice(Math.round(piece * size), Math.round((piece + 1) * size));
    return [mean(own.map(([hour]) => hour)), of(own.map(([, value]) => value))];
  });
}

/** Of what is left of a straight line, each with the one before; 0 where nothing is left. */
function correlationOf(left: readonly number[]): number {
  const n = left.length;
  const before = sum(left.slice(0, -1).map((value) => value ** 2));
  if (before === 0) return 0;
  const found = sum(left.slice(1).map((value, at) => value * left[at]!)) / before;
  return Math.min(1, (n * found + 2) / (n - 4));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

export function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}
