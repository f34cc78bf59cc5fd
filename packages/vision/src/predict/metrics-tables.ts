import type { Metrics, Taxonomy } from '@busana/contracts';
import { describeMistake } from '../report/mistakes.ts';
import { labelOf } from '../taxonomy/names.ts';

/** A table for people. */
export interface TitledTable {
  readonly title: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Mistakes named on a terminal. */
const MOST_MISTAKES = 5;

/** Classes, confusions, thresholds and mistakes of a measurement; tables without rows are left out. */
export function metricsTables(metrics: Metrics, taxonomy: Taxonomy): TitledTable[] {
  const { attributes, acceptance, mistakes } = metrics;
  const classes = taxonomy.attributes.flatMap(({ name, values }): TitledTable[] => {
    const labels = values.map((value) => labelOf(value));
    const { per_class, confusion } = attributes[name]!;
    return [
      {
        title: `${name}, with what the photos of each row were taken for`,
        header: [name, 'photos', 'precision', 'recall', 'F1', ...labels],
        rows: values.map(({ code }, row) => {
          const { precision, recall, f1, support } = per_class[code]!;
          const shares = [precision, recall, f1].map((share) => share.toFixed(4));
          return [labels[row]!, String(support), ...shares, ...confusion[row]!.map(String)];
        }),
      },
    ];
  });
  const offers = {
    title: 'what to accept without review',
    header: ['wanted EMR', 'accept above', 'accepted %', 'their EMR', 'to review'],
    rows: acceptance.map(({ target_emr, threshold, coverage, emr, review }) =>
      [target_emr.toFixed(3), threshold.toFixed(4), (coverage * 100).toFixed(1), emr.toFixed(4), review].map(String),
    ),
  };
  const worst = {
    title: 'most confident mistakes',
    header: ['photo', 'mistake'],
    rows: mistakes.slice(0, MOST_MISTAKES).map((mistake) => [mistake.image, describeMistake(mistake, taxonomy)]),
  };
  return [...classes, offers, worst].filter(({ rows }) => rows.length > 0);
}
