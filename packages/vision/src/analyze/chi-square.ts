import type { ChiSquareTest } from '@busana/contracts';
import gammainc from '@stdlib/math-base-special-gammainc';

/**
 * Pearson's chi-square test of independence of a contingency table (Pearson 1900). Rows and columns without counts are
 * left out, as they say nothing. With one degree of freedom the statistic is corrected for continuity (Yates 1934) the
 * way `scipy.stats.chi2_contingency` does it. A table left with a single row or column has no degree of freedom:
 * statistic 0, p 1.
 * @param counts `[rows][columns]`
 * @returns `expected` has the shape of `counts`, with 0 in the empty rows and columns
 */
export function chiSquare(counts: readonly (readonly number[])[]): ChiSquareTest {
  const rowTotals = counts.map(sum);
  const columnTotals = (counts[0] ?? []).map((_, column) => sum(counts.map((row) => row[column]!)));
  const total = sum(rowTotals);
  const expected = rowTotals.map((row) => columnTotals.map((column) => (total === 0 ? 0 : (row * column) / total)));
  const rows = rowTotals.filter((count) => count > 0).length;
  const columns = columnTotals.filter((count) => count > 0).length;
  const degreesOfFreedom = total === 0 ? 0 : (rows - 1) * (columns - 1);
  if (degreesOfFreedom === 0) {
    return { statistic: 0, p_value: 1, degrees_of_freedom: 0, expected, cramers_v: 0, yates_correction: false };
  }
  const yates = degreesOfFreedom === 1;
  const statistic = pearson(counts, expected, yates);
  return {
    statistic,
    p_value: upperTail(statistic, degreesOfFreedom),
    degrees_of_freedom: degreesOfFreedom,
    expected,
    cramers_v: Math.sqrt(pearson(counts, expected, false) / (total * (Math.min(rows, columns) - 1))),
    yates_correction: yates,
  };
}

/** Sum of (observed - expected)² / expected; Yates moves each observed count by up to 1/2 towards the expected one. */
function pearson(
  counts: readonly (readonly number[])[],
  expected: readonly (readonly number[])[],
  yates: boolean,
): number {
  return sum(
    counts.flatMap((row, i) =>
      row.map((observed, j) => {
        const mean = expected[i]![j]!;
        const distance = Math.abs(observed - mean);
        return mean === 0 ? 0 : (distance - (yates ? Math.min(0.5, distance) : 0)) ** 2 / mean;
      }),
    ),
  );
}

/** P(chi-square >= statistic). The upper gamma directly: 1 - cdf would lose small p-values to cancellation. */
function upperTail(statistic: number, degreesOfFreedom: number): number {
  return gammainc(statistic / 2, degreesOfFreedom / 2, true, true);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
