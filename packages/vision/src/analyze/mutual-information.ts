export interface MutualInformation {
  /** In bits, from 0. */
  readonly bits: number;
  /** As a share of the smaller of the two entropies, 0 independent to 1: one attribute decides the other. */
  readonly normalised: number;
}

/**
 * Mutual information of the two attributes of a contingency table (Shannon 1948): sum of p(i,j) log2(p(i,j) / p(i) p(j)),
 * with frequencies for probabilities. 0 for an empty table.
 * @param counts `[rows][columns]`
 */
export function mutualInformation(counts: readonly (readonly number[])[]): MutualInformation {
  const rows = counts.map(sum);
  const columns = (counts[0] ?? []).map((_, column) => sum(counts.map((row) => row[column]!)));
  const total = sum(rows);
  const information = sum(
    counts.flatMap((row, i) =>
      row.map((count, j) =>
        count === 0 ? 0 : (count / total) * Math.log2((count * total) / (rows[i]! * columns[j]!)),
      ),
    ),
  );
  // Rounding must not make independent attributes know less than nothing.
  const bits = Math.max(0, information);
  const smaller = Math.min(entropy(rows, total), entropy(columns, total));
  return { bits, normalised: smaller === 0 ? 0 : Math.min(1, bits / smaller) };
}

function entropy(counts: readonly number[], total: number): number {
  return -sum(counts.map((count) => (count === 0 ? 0 : (count / total) * Math.log2(count / total))));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
