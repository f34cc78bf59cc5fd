import type { Attribute, AttributePair } from '@busana/contracts';
import { MISSING, type Targets } from '../data/dataset.ts';
import { formatP } from '../evaluate/verdict.ts';
import { labelOf } from '../taxonomy/names.ts';
import { chiSquare } from './chi-square.ts';
import { mutualInformation } from './mutual-information.ts';

/** Below this expected count the chi-square approximation is usually called doubtful (Cochran 1954). */
const SMALLEST_EXPECTED = 5;
/** Share of cells that may be below it. */
const TOLERATED_SHARE = 0.2;

/** Counts `[rows][columns]` of two attributes, over the photos that have both labels. */
function contingencyTable(
  targets: readonly Targets[],
  [row, column]: readonly [number, number],
  [rows, columns]: readonly [number, number],
): number[][] {
  const counts = Array.from({ length: rows }, () => new Array<number>(columns).fill(0));
  for (const photo of targets) {
    const [i, j] = [photo[row]!, photo[column]!];
    if (i !== MISSING && j !== MISSING) counts[i]![j]! += 1;
  }
  return counts;
}

/** Contingency table and test of independence of two attributes, in words too. */
export function analyzePair(
  targets: readonly Targets[],
  attributes: readonly Attribute[],
  [row, column]: readonly [number, number],
  alpha: number,
): AttributePair {
  const [rows, columns] = [attributes[row]!, attributes[column]!];
  const counts = contingencyTable(targets, [row, column], [rows.values.length, columns.values.length]);
  const test = chiSquare(counts);
  const { bits, normalised } = mutualInformation(counts);
  const independenceRejected = test.p_value < alpha;
  const pair = {
    rows: rows.name,
    columns: columns.name,
    row_codes: rows.values.map(({ code }) => code),
    column_codes: columns.values.map(({ code }) => code),
    row_labels: rows.values.map((value) => labelOf(value)),
    column_labels: columns.values.map((value) => labelOf(value)),
    counts,
    ...test,
    alpha,
    independence_rejected: independenceRejected,
    mutual_information: bits,
    normalised_mutual_information: normalised,
  };
  return { ...pair, verdict: verdict(pair), implication: implication(pair) };
}

type Tested = Omit<AttributePair, 'verdict' | 'implication'>;

function verdict(pair: Tested): string {
  if (pair.degrees_of_freedom === 0) {
    return `Nothing to test: ${pair.rows} and ${pair.columns} do not both have at least two values with photos.`;
  }
  const { statistic, degrees_of_freedom: degrees, p_value: p, cramers_v: v, alpha } = pair;
  const figures = `chi-square ${statistic.toFixed(4)}, ${degrees} ${degrees === 1 ? 'degree' : 'degrees'} of freedom, ${formatP(p)}, Cramer's V ${v.toFixed(3)}`;
  const found = pair.independence_rejected
    ? `${pair.rows} and ${pair.columns} depend on each other`
    : `independence of ${pair.rows} and ${pair.columns} is not rejected`;
  return `At alpha ${alpha}, ${found} (${figures}).${caution(pair)}`;
}

function caution({ counts, expected }: Tested): string {
  const cells = expected.flat().filter((count) => count > 0);
  const small = cells.filter((count) => count < SMALLEST_EXPECTED).length;
  if (small <= TOLERATED_SHARE * cells.length || counts.length === 0) return '';
  return ` Caution: ${small} of ${cells.length} expected counts are below ${SMALLEST_EXPECTED}, so the p-value is only rough.`;
}

function implication({ rows, columns, degrees_of_freedom, independence_rejected, cramers_v }: Tested): string {
  if (degrees_of_freedom === 0) return 'This says nothing about the choice between independent and combined labels.';
  return independence_rejected
    ? `Knowing ${rows} tells something about ${columns} (strength ${cramers_v.toFixed(2)} of 1): a combined label can use that, at the price of fewer photos per class; compare it with one output per attribute before choosing.`
    : `Nothing speaks for a combined label: treating ${rows} and ${columns} as independent labels (multi-output) loses no measurable information, and keeps more photos per class.`;
}
