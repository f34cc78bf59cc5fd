import type { Metrics, Thresholds } from '@busana/contracts';
import { TARGET_EMR, widestRow } from '../evaluate/acceptance.ts';

/** Used when nothing was held back to learn a threshold from. */
const DEFAULT_THRESHOLD = 0.9;

/** The lowest joint confidence above which held-back photos were right often enough. */
export function chooseThresholds(rows: Metrics['risk_coverage'] = []): Thresholds {
  const widest = widestRow(rows, TARGET_EMR);
  if (widest === undefined) return { accept: DEFAULT_THRESHOLD };
  return { accept: widest.threshold, coverage: widest.coverage, emr: widest.emr };
}
