import type { PairedComparison } from '@busana/contracts';
import { percentileInterval } from './bootstrap.ts';

/**
 * EMR of the first less that of the second, with the interval of a paired bootstrap (Efron and Tibshirani 1993, section
 * 8.6): both are judged on the same photos of each resample. Without photos 0, from -1 to 1.
 * @param first per photo, every attribute right
 * @param resamples positions of the photos in each resample
 */
export function pairedDifference(
  first: readonly boolean[],
  second: readonly boolean[],
  resamples: Iterable<Int32Array>,
): PairedComparison['emr_difference'] {
  const gains = Int8Array.from(first, (right, photo) => Number(right) - Number(second[photo]));
  if (gains.length === 0) return { value: 0, low: -1, high: 1, resamples: 0 };
  const mean = (positions: Iterable<number>, count: number): number => {
    let sum = 0;
    for (const position of positions) sum += gains[position]!;
    return sum / count;
  };
  return {
    value: mean(gains.keys(), gains.length),
    ...percentileInterval(resamples, (positions) => mean(positions, positions.length)),
  };
}
