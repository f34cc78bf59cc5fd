import type { Metrics } from '@busana/contracts';

/** The headline of a measurement, for people. Data of several sources may have no photo that is labelled in everything. */
export function describeExactMatch({ emr: { value, low, high, n } }: Metrics): string {
  if (n === 0) return 'no exact match ratio: no photo that was held back is labelled in every attribute';
  return `EMR ${value.toFixed(4)} (95 % interval ${low.toFixed(4)} to ${high.toFixed(4)}, ${n} photos)`;
}
