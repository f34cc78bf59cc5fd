/** How a metric moved from the first epoch to the last. */
export interface Improvement {
  readonly first: number;
  readonly last: number;
  /** `last - first`: for a share, in points (0.476 = 47.6 percentage points), as the study prints it. */
  readonly change: number;
  /** `change / |first|`; undefined when the first value is 0. */
  readonly relative?: number;
}

/**
 * First-to-last improvement of one metric.
 * @param values one per epoch, in order; epochs without a value (undefined) are skipped
 * @returns undefined when no epoch has a value
 */
export function firstToLast(values: readonly (number | undefined)[]): Improvement | undefined {
  const known = values.filter((value) => value !== undefined);
  const first = known[0];
  const last = known.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const change = last - first;
  return { first, last, change, ...(first !== 0 && { relative: change / Math.abs(first) }) };
}
