import type { Metrics, Thresholds } from '@busana/contracts';

/** EMR that accepted predictions should reach. */
const TARGET_EMR = 0.99;
/** Used when nothing was held back to learn a threshold from. */
const DEFAULT_THRESHOLD = 0.9;

/** The lowest joint confidence above which held-back photos were right often enough. */
export function chooseThresholds(metrics: Metrics | undefined): Thresholds {
  const good = metrics?.risk_coverage.filter(({ emr }) => emr >= TARGET_EMR) ?? [];
  const widest = good.reduce<(typeof good)[number] | undefined>(
    (best, row) => (best === undefined || row.coverage > best.coverage ? row : best),
    undefined,
  );
  if (widest === undefined) return { accept: DEFAULT_THRESHOLD };
  return { accept: widest.threshold, coverage: widest.coverage, emr: widest.emr };
}
