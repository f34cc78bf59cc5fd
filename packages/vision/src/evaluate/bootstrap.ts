/** @file Bootstrap intervals (Efron and Tibshirani 1993, "An introduction to the bootstrap", sections 13.3 and 8.3). */
import type { BootstrapInterval } from '@busana/contracts';
import { Random } from '@busana/engine';
import { appendTo } from '../append-to.ts';

/** Enough for the ends of a 95 % interval (Efron and Tibshirani 1993, section 14.2, ask for 1,000 or more). */
const RESAMPLES = 2000;

/**
 * Percentile interval of a statistic over resampled photos.
 * @param resamples positions of the photos in each resample
 * @param level coverage of the interval, 0..1
 */
export function percentileInterval(
  resamples: Iterable<Int32Array>,
  statistic: (positions: Int32Array) => number,
  level = 0.95,
): BootstrapInterval {
  const replicates = Float64Array.from(map(resamples, statistic)).sort();
  return {
    low: quantile(replicates, (1 - level) / 2),
    high: quantile(replicates, (1 + level) / 2),
    resamples: replicates.length,
  };
}

/**
 * Draws of as many groups as there are, with replacement, each group with all its photos: copies of a photo are right or
 * wrong together, and resampling them one by one would count them as evidence of their own. The same draws for the same
 * groups.
 * @param groups group of each photo; where it is not given, each photo is one
 */
export function* resample(photos: number, groups?: readonly number[]): Generator<Int32Array> {
  const members = new Map<number, number[]>();
  for (let photo = 0; photo < photos; photo += 1) appendTo(members, groups?.[photo] ?? photo, photo);
  const units = [...members.values()];
  const random = Random.of('bootstrap', photos, units.length);
  for (let count = 0; count < RESAMPLES && units.length > 0; count += 1) {
    const drawn: number[] = [];
    for (let unit = 0; unit < units.length; unit += 1) drawn.push(...random.pick(units));
    yield Int32Array.from(drawn);
  }
}

/** Between order statistics by linear interpolation, as `numpy.percentile`. @param sorted rising; not empty */
function quantile(sorted: Float64Array, probability: number): number {
  const position = probability * (sorted.length - 1);
  const below = sorted[Math.floor(position)]!;
  const above = sorted[Math.ceil(position)]!;
  return below + (above - below) * (position - Math.floor(position));
}

function* map<A, B>(items: Iterable<A>, f: (item: A) => B): Generator<B> {
  for (const item of items) yield f(item);
}
