import type { Measure } from '@busana/contracts';

/** Interquartile ranges beyond the quartiles from which a value is "outside" and "far out" (Tukey 1977). */
export const OUTSIDE = 1.5;
export const FAR_OUT = 3;
const BINS = 30;

export type Spread = Omit<Measure, 'name' | 'unit' | 'outliers' | 'limits'> & {
  readonly limits: { readonly low: number; readonly high: number };
  /** Positions of the outliers, the farthest first. */
  readonly outlying: readonly number[];
};

/**
 * Quartiles, histogram and outliers.
 * @param values at least one; positive where `logarithmic`
 * @param options.logarithmic whether the fences are those of the logarithms: of what is spread by factors, like sizes
 * @param options.fence interquartile ranges beyond the quartiles
 */
export function spreadOf(
  values: readonly number[],
  { logarithmic = false, fence = FAR_OUT }: { readonly logarithmic?: boolean; readonly fence?: number } = {},
): Spread {
  const scale = logarithmic ? Math.log : Number;
  const sorted = values.toSorted((a, b) => a - b);
  const [min, lower, median, upper, max] = [0, 0.25, 0.5, 0.75, 1].map((share) => quantile(sorted, share)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const reach = fence * (scale(upper) - scale(lower));
  const unscale = logarithmic ? Math.exp : Number;
  const limits = { low: unscale(scale(lower) - reach), high: unscale(scale(upper) + reach) };
  const range = scale(max) - scale(min);
  const histogram = new Array<number>(range === 0 ? 1 : BINS).fill(0);
  for (const value of values) {
    const bin = range === 0 ? 0 : Math.floor(((scale(value) - scale(min)) / range) * BINS);
    histogram[Math.min(bin, histogram.length - 1)]! += 1;
  }
  const excess = (value: number): number =>
    Math.max(scale(lower) - reach - scale(value), scale(value) - scale(upper) - reach);
  const outlying = values
    .map((value, position) => ({ position, excess: excess(value) }))
    // The logarithm and back may differ in the last digit.
    .filter((value) => value.excess > 1e-9)
    .sort((a, b) => b.excess - a.excess)
    .map(({ position }) => position);
  return { min, lower_quartile: lower, median, upper_quartile: upper, max, histogram, logarithmic, limits, outlying };
}

/** Between the two nearest of the sorted values, linearly (type 7 of Hyndman and Fan 1996). */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const at = (sorted.length - 1) * share;
  const [low, high] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
  return low + (high - low) * (at - Math.floor(at));
}
