import type { Proportion } from '@busana/contracts';
import quantile from '@stdlib/stats-base-dists-normal-quantile';

/**
 * A proportion with its Wilson score interval (Wilson 1927; Brown, Cai and DasGupta 2001, eq. 4), which stays within
 * 0..1 and is honest for few trials and for proportions near the ends. Nothing tried: 0, from 0 to 1.
 * @param level coverage of the interval, 0..1
 */
export function wilson(successes: number, trials: number, level = 0.95): Proportion {
  if (trials === 0) return { value: 0, low: 0, high: 1, n: 0 };
  const z = quantile(1 - (1 - level) / 2, 0, 1);
  const value = successes / trials;
  const scale = 1 + z ** 2 / trials;
  const centre = (value + z ** 2 / (2 * trials)) / scale;
  const half = (z / scale) * Math.sqrt((value * (1 - value)) / trials + z ** 2 / (4 * trials ** 2));
  // At the ends the interval touches 0 or 1 exactly; rounding must not leave it a hair inside.
  const low = successes === 0 ? 0 : Math.max(0, centre - half);
  const high = successes === trials ? 1 : Math.min(1, centre + half);
  return { value, low, high, n: trials };
}
