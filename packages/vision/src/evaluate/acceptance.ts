/** @file From which joint confidence on a prediction needs no second look. */
import type { Acceptance, Metrics } from '@busana/contracts';
import { percent } from '../percent.ts';

type RiskCoverage = Metrics['risk_coverage'];

/** EMR that accepted predictions should reach where nobody says otherwise. */
export const TARGET_EMR = 0.99;
const TARGETS = [0.95, 0.98, TARGET_EMR, 0.995];

/** The row with the most photos whose EMR is at least the target; undefined when none is. */
export function widestRow(rows: RiskCoverage, target: number): RiskCoverage[number] | undefined {
  return rows
    .filter(({ emr }) => emr >= target)
    .reduce<RiskCoverage[number] | undefined>(
      (best, row) => (best && best.coverage >= row.coverage ? best : row),
      undefined,
    );
}

/** A threshold for each of several targets, where one reaches it. @param photos how many the table was made of */
export function acceptances(rows: RiskCoverage, photos: number): Acceptance[] {
  return TARGETS.flatMap((target) => {
    const row = widestRow(rows, target);
    return row === undefined ? [] : [{ target_emr: target, ...row, review: Math.round((1 - row.coverage) * photos) }];
  });
}

/** What to do with the next photos, in words. */
export function advise(offers: readonly Acceptance[], photos: number): string {
  if (photos === 0) return 'no advice: no photo that was held back is labelled in every attribute';
  const wanted = offers.find(({ target_emr }) => target_emr === TARGET_EMR);
  if (wanted !== undefined) return describeAcceptance(wanted);
  const second = offers.at(-1);
  const out = `no joint confidence reaches an EMR of ${percent(TARGET_EMR)}`;
  return second === undefined ? `review every photo: ${out}` : `${describeAcceptance(second)} (${out})`;
}

/** E.g. `accept above 0.830: 95.1 % of photos at 99.1 % EMR, 38 to review`. */
function describeAcceptance({ threshold, coverage, emr, review }: Acceptance): string {
  const which = review === 0 ? 'accept everything' : `accept above ${threshold.toFixed(3)}`;
  return `${which}: ${percent(coverage)} of photos at ${percent(emr)} EMR, ${review === 0 ? 'none' : review} to review`;
}
