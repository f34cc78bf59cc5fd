import type { PairedComparison, Verdict } from '@busana/contracts';
import { resample } from './bootstrap.ts';
import { wilson } from './intervals.ts';
import { holm, mcnemar } from './mcnemar.ts';
import { pairedDifference } from './paired-bootstrap.ts';

/** What one contender got right. */
export interface ArmOutcome {
  readonly name: string;
  /** Per fully labelled photo, the same photos in the same order for every arm: every attribute right. */
  readonly correct: readonly boolean[];
}

/**
 * Names the best performing model and says whether its lead is more than chance: exact McNemar tests of the arm with
 * the highest EMR (the first of equals) against each other one, Holm-adjusted; the size of each difference by a paired
 * bootstrap.
 * @param alpha level at which a difference counts, 0..1
 * @param groups group of each photo: copies of one another, or of one product
 * @throws RangeError without arms, or when the arms were not judged on the same photos
 */
export function comparisonVerdict(
  arms: readonly ArmOutcome[],
  { alpha = 0.05, groups }: { alpha?: number; groups?: readonly number[] } = {},
): Verdict {
  const first = arms[0];
  if (first === undefined) throw new RangeError('a comparison needs at least one arm');
  const best = arms.reduce((leader, arm) => (hits(arm) > hits(leader) ? arm : leader), first);
  const rivals = arms.filter((arm) => arm !== best);
  const tests = rivals.map((rival) => mcnemar(best.correct, rival.correct));
  const adjusted = holm(tests.map(({ p_value }) => p_value));
  const comparisons = rivals.map((rival, index): PairedComparison => ({
    rival: rival.name,
    rival_emr: wilson(hits(rival), rival.correct.length).value,
    only_best_right: tests[index]!.only_first,
    only_rival_right: tests[index]!.only_second,
    emr_difference: pairedDifference(best.correct, rival.correct, resample(best.correct.length, groups)),
    p_value: tests[index]!.p_value,
    p_adjusted: adjusted[index]!,
    significant: adjusted[index]! < alpha,
  }));
  const { value: emr, low, high, n } = wilson(hits(best), best.correct.length);
  const verdict = {
    best: best.name,
    emr,
    low,
    high,
    n,
    paired_test: 'exact McNemar, two-sided, Holm-adjusted',
    p_value: comparisons.length === 0 ? null : Math.max(...adjusted),
    alpha,
    significant: comparisons.length > 0 && comparisons.every(({ significant }) => significant),
    comparisons,
  };
  return { ...verdict, sentence: sentence(verdict) };
}

function hits({ correct }: ArmOutcome): number {
  return correct.filter(Boolean).length;
}

function sentence({ best, emr, low, high, n, comparisons, alpha }: Omit<Verdict, 'sentence'>): string {
  if (n === 0) return 'No photo with every attribute labelled was judged, so no model can be called the best.';
  const score = `EMR ${emr.toFixed(4)} (95 % interval ${low.toFixed(4)} to ${high.toFixed(4)}, ${n} photos)`;
  if (comparisons.length === 0) return `${best} reaches ${score}; there is nothing to compare it with.`;
  const beaten = comparisons.filter(({ significant }) => significant).map(describe);
  const level = comparisons.filter(({ significant }) => !significant).map(describe);
  const test = `exact McNemar test at ${alpha}`;
  if (level.length === 0) {
    return `Best performing model: ${best} with ${score}, significantly better than ${list(beaten)} (${test}).`;
  }
  if (beaten.length === 0) {
    const tied = comparisons.filter(({ rival_emr }) => rival_emr === emr).map(({ rival }) => rival);
    const lead = tied.length > 0 ? `${list([best, ...tied])} share the highest` : `${best} has the highest`;
    const rivals = tied.length === comparisons.length ? '' : `; the difference from ${list(level)} is not significant`;
    return `No evidence of a difference: ${lead} ${score}${rivals} (${test}).`;
  }
  return `Best performing model: ${best} with ${score}, significantly better than ${list(beaten)}; the difference from ${list(level)} is not significant (${test}).`;
}

function describe({ rival, rival_emr, p_adjusted }: PairedComparison): string {
  return `${rival} (${rival_emr.toFixed(4)}, ${formatP(p_adjusted)})`;
}

/** `p = 0.0042`, or `p < 0.0001`. */
export function formatP(p: number): string {
  return p < 0.0001 ? 'p < 0.0001' : `p = ${p.toFixed(4)}`;
}

function list(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}
