import type { Metrics } from '@busana/contracts';
import { csvLine } from '../predict/output.ts';
import type { ComparedArm } from './compared-arm.ts';

export interface Table {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** `comparison.csv`: one row per arm. */
export function comparisonCsv(arms: readonly ComparedArm[]): string {
  const metrics = [...(arms[0]?.improvement.keys() ?? [])];
  const attributes = Object.keys(arms[0]?.metrics.attributes ?? {});
  const header = csvLine([
    'arm',
    'emr',
    'low',
    'high',
    ...attributes.map((name) => `${name}_accuracy`),
    'parameters',
    'train_seconds',
    'milliseconds_per_image',
    ...metrics.flatMap((name) => [`${name}_first`, `${name}_last`, `${name}_improvement`]),
  ]);
  const lines = arms.map(({ arm, metrics: measured, parameters, trainSeconds, millisecondsPerImage, improvement }) =>
    csvLine([
      arm,
      measured.emr.value.toFixed(6),
      measured.emr.low.toFixed(6),
      measured.emr.high.toFixed(6),
      ...attributes.map((name) => measured.attributes[name]!.accuracy.toFixed(6)),
      String(parameters),
      trainSeconds.toFixed(1),
      millisecondsPerImage.toFixed(2),
      ...metrics.flatMap((name) => {
        const { first, last, change } = improvement.get(name)!;
        return [first, last, change].map((value) => value.toFixed(6));
      }),
    ]),
  );
  return [header, ...lines].map((line) => `${line}\n`).join('');
}

/** Titles of an arm's name and of {@link measuredCells}. */
export function measuredHeader({ attributes }: Metrics): string[] {
  return ['arm', 'EMR', '95 % interval', ...Object.keys(attributes)];
}

/** EMR, its interval, and the accuracy of each attribute, for people. */
export function measuredCells({ emr, attributes }: Metrics): string[] {
  const accuracies = Object.values(attributes).map(({ accuracy }) => accuracy.toFixed(4));
  return [emr.value.toFixed(4), `${emr.low.toFixed(4)}-${emr.high.toFixed(4)}`, ...accuracies];
}

/** The same for people. */
export function comparisonTable(arms: readonly ComparedArm[]): Table {
  return {
    header: [...measuredHeader(arms[0]!.metrics), 'parameters', 'train s', 'ms per photo'],
    rows: arms.map(({ arm, metrics, parameters, trainSeconds, millisecondsPerImage }) => [
      arm,
      ...measuredCells(metrics),
      parameters.toLocaleString('en'),
      trainSeconds.toFixed(0),
      millisecondsPerImage.toFixed(1),
    ]),
  };
}

/** First to last epoch per metric, a row per arm and metric. */
export function improvementTable(arms: readonly ComparedArm[]): Table {
  return {
    header: ['arm', 'metric', 'first epoch', 'last epoch', 'change in points'],
    rows: arms.flatMap(({ arm, improvement }) =>
      [...improvement].map(([metric, { first, last }]) => [
        arm,
        metric,
        first.toFixed(4),
        last.toFixed(4),
        ((last - first) * 100).toFixed(1),
      ]),
    ),
  };
}

/** First to last epoch per metric, a line per arm. */
export function improvementLines(arms: readonly ComparedArm[]): string[] {
  return arms.map(({ arm, improvement }) => {
    const parts = [...improvement].map(
      ([name, { first, last, change }]) =>
        `${name} ${first.toFixed(4)} to ${last.toFixed(4)} (${(change * 100).toFixed(1)} points)`,
    );
    return `${arm}, first to last epoch: ${parts.join(', ')}`;
  });
}
