import type { Metrics } from '@busana/contracts';
import { firstToLast, type Improvement } from '../evaluate/improvement.ts';
import { countParameters } from '../models/describe.ts';
import type { ArmResult } from './execute.ts';
import type { PreparedRun } from './prepare.ts';
import { heldOutMetrics } from './write-results.ts';

/** A row of `comparison.csv`. */
export interface ComparedArm {
  readonly arm: string;
  readonly metrics: Metrics;
  readonly parameters: number;
  readonly trainSeconds: number;
  /** Of validation, in batches, decoding not counted. */
  readonly millisecondsPerImage: number;
  /** By metric: value after the first and the last epoch, mean over folds. */
  readonly improvement: ReadonlyMap<string, Improvement>;
}

/** What a comparison says of one arm. */
export function describeArm(result: ArmResult, { photos, taxonomy, groups }: PreparedRun): ComparedArm {
  const { arm, rows, plan, jobs } = result;
  const metrics = heldOutMetrics(result.heldOut, photos, taxonomy, groups.groupOf)!;
  return {
    arm: arm.name,
    metrics,
    parameters: countParameters(arm.config, plan),
    trainSeconds: rows.reduce((sum, row) => sum + row.seconds, 0),
    millisecondsPerImage: jobs.reduce((sum, job) => sum + job.millisecondsPerImage, 0) / jobs.length,
    improvement: improvements(
      rows,
      taxonomy.attributes.map(({ name }) => name),
    ),
  };
}

function improvements(rows: ArmResult['rows'], attributes: readonly string[]): ComparedArm['improvement'] {
  const epochs = Math.max(...rows.map(({ epoch }) => epoch));
  const metrics = new Map<string, (row: ArmResult['rows'][number]) => number | undefined>([
    ['emr', (row) => row.emr],
    ...attributes.map((name) => [`${name}_accuracy`, (row: ArmResult['rows'][number]) => row.accuracy[name]] as const),
  ]);
  return new Map(
    [...metrics].flatMap(([name, read]) => {
      const perEpoch = Array.from({ length: epochs }, (_, index) => {
        const values = rows
          .filter(({ epoch }) => epoch === index + 1)
          .map(read)
          .filter((value) => value !== undefined);
        return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
      });
      const found = firstToLast(perEpoch);
      return found === undefined ? [] : [[name, found] as const];
    }),
  );
}
