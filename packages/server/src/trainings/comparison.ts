/** @file Whether a new model may follow an old one. */
import type { Metrics, ModelComparison, Verdict } from '@busana/contracts';
import { formatP, percent, wilson } from '@busana/vision';

type Comparison = Omit<ModelComparison, 'old'>;

/** From which p-value on a difference may be chance. */
const ALPHA = 0.05;

/**
 * Proposed is a model that gets at least as many of the frozen photos right as the one before.
 * @param metrics of the new model
 * @param verdict of the new one, then the old one, on the same photos
 */
export function compareModels({ emr }: Pick<Metrics, 'emr'>, { emr: best, n, comparisons }: Verdict): Comparison {
  const [paired] = comparisons;
  if (n === 0 || paired === undefined) return notMeasured();
  const { value: ahead, low, high, resamples } = paired.emr_difference;
  // The best is the first of equals, and the new one stands first.
  const newIsBest = best === emr.value;
  const oldValue = newIsBest ? paired.rival_emr : best;
  const difference = newIsBest ? { value: ahead, low, high } : { value: -ahead, low: -high, high: -low };
  const verdict = difference.value < 0 ? 'worse' : paired.p_value < ALPHA ? 'better' : 'not worse';
  const old = wilson(Math.round(oldValue * n), n);
  const what = {
    better: 'The new model is better',
    'not worse': 'The new model is not worse',
    worse: 'The new model is worse, so the old one stays',
  }[verdict];
  return {
    old_emr: old,
    new_emr: { value: emr.value, low: emr.low, high: emr.high, n: emr.n },
    photos: n,
    difference: { ...difference, resamples },
    only_new_right: newIsBest ? paired.only_best_right : paired.only_rival_right,
    only_old_right: newIsBest ? paired.only_rival_right : paired.only_best_right,
    p_value: paired.p_value,
    verdict,
    proposed: verdict !== 'worse',
    sentence: `${what}: all labels right on ${percent(emr.value)} of ${n} photos that no training has seen, before ${percent(oldValue)} (exact McNemar test, ${formatP(paired.p_value)}).`,
  };
}

/** Without a photo to compare on nothing is proposed. */
export function notMeasured(): Comparison {
  const nothing = wilson(0, 0);
  return {
    ...{ old_emr: nothing, new_emr: nothing, photos: 0, only_new_right: 0, only_old_right: 0, p_value: 1 },
    difference: { value: 0, low: -1, high: 1, resamples: 0 },
    verdict: 'not measured',
    proposed: false,
    sentence:
      'Nothing was measured: none of the photos with confirmed labels is kept to compare models on. Confirm more.',
  };
}
