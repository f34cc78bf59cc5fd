/** @file `busana compare`: several arms on the same folds, and a verdict. */
import {
  approachSchema,
  BusanaError,
  type Approach,
  type Metrics,
  type TrainingConfig,
  type Verdict,
} from '@busana/contracts';
import { averageMetrics, describeAverage } from './average.ts';
import { describeArm } from './compared-arm.ts';
import { comparisonCsv, comparisonTable, improvementLines, improvementTable, type Table } from './comparison-table.ts';
import { describeTiming, RunClock } from './clock.ts';
import type { Listener } from './events.ts';
import { executeArms, type Arm, type ArmResult } from './execute.ts';
import { differenceLines, judgeHeldOut } from './judge.ts';
import { openRun, type RunRequest } from './open-run.ts';
import { prepareRun, releaseStores, type PreparedRun } from './prepare.ts';
import { planSplits } from './splits.ts';
import { writeTables, writeTiming } from './write-results.ts';
import { writeRunReport } from './run-report.ts';

export interface CompareRequest extends RunRequest {
  readonly config: TrainingConfig;
  /** Default: the configuration's alone when there are several models, otherwise all three. */
  readonly approaches?: readonly string[];
  readonly models: readonly string[];
  readonly emit: Listener;
  readonly signal?: AbortSignal;
}

export interface CompareResult {
  readonly folder: string;
  readonly arms: readonly { readonly arm: string; readonly emr: Metrics['emr'] }[];
  readonly verdict: Verdict;
  readonly table: Table;
  readonly summary: readonly string[];
}

/** The study's three, in its order. */
const everyApproach: readonly Approach[] = ['separate', 'multi-output', 'combined'];

/** @throws BusanaError CONFIG_INVALID, and whatever training throws */
export async function compare(request: CompareRequest): Promise<CompareResult> {
  const { emit, signal, config } = request;
  if (config.folds < 2)
    throw new BusanaError('CONFIG_INVALID', `a comparison needs at least 2 folds, not ${config.folds}`);
  const clock = new RunClock();
  const run = await openRun('compare', request, planArms(request));
  const prepared = await prepareRun(run, {
    clock,
    emit,
    ...(signal && { signal }),
    ...(request.cache !== undefined && { cache: request.cache }),
  });
  try {
    return await comparePrepared(prepared, emit, signal);
  } finally {
    await releaseStores(prepared);
  }
}

function planArms({ config, approaches, models }: CompareRequest): Arm[] {
  const wanted = approaches ?? (models.length > 1 ? [config.approach] : everyApproach);
  const weights = weightsPerModel(config.weights, models);
  return models.flatMap((model, index) =>
    wanted.map((name) => {
      const approach = approachSchema.safeParse(name);
      if (!approach.success) throw new BusanaError('CONFIG_INVALID', `there is no approach called '${name}'`);
      return {
        name: armName(model, approach.data, models.length, wanted.length),
        config: { ...config, model, approach: approach.data, weights: weights[index]! },
      };
    }),
  );
}

/** `weights` names a file per model, separated by commas and in their order; `none` or nothing is a random start. */
function weightsPerModel(weights: string, models: readonly string[]): string[] {
  if (weights === '') return models.map(() => '');
  const files = weights.split(',').map((file) => file.trim());
  if (files.length === models.length) return files.map((file) => (file === 'none' ? '' : file));
  throw new BusanaError('CONFIG_INVALID', `${files.length} weights files for ${models.length} models`, {
    remedy: 'Give one per model in the order of --models, separated by commas; none for a random start.',
  });
}

function armName(model: string, approach: Approach, models: number, approaches: number): string {
  if (models === 1) return approach;
  return approaches === 1 ? model : `${model}/${approach}`;
}

async function comparePrepared(prepared: PreparedRun, emit: Listener, signal?: AbortSignal): Promise<CompareResult> {
  const { run, photos, taxonomy, groups } = prepared;
  const { folder, arms } = run;
  const splits = await planSplits(prepared, arms[0]!.config);
  const results = await executeArms({ ...prepared, folder, arms, splits, emit, ...(signal && { signal }) });
  const compared = results.map((result) => describeArm(result, prepared));
  const verdict = judge(results, prepared);
  const table = comparisonTable(compared);
  const tables = { arms: table, improvements: improvementTable(compared) };
  const best = compared.find(({ arm }) => arm === verdict.best)!;
  await writeTables(folder, results, photos, taxonomy);
  await folder.write('comparison.csv', comparisonCsv(compared));
  await folder.writeJson('verdict.json', verdict);
  await folder.writeJson('metrics.json', best.metrics);
  const average = averageMetrics(
    results.map(({ heldOut }) => heldOut),
    photos,
    taxonomy,
    groups.groupOf,
  );
  if (average !== undefined) await folder.writeJson('average-metrics.json', average);
  const evaluation = `Out-of-fold figures of ${splits.length} folds, the same for every arm, duplicates kept in one fold.`;
  const reported = results.map((result, index) => ({ ...result, metrics: compared[index]!.metrics }));
  await writeRunReport({ folder, title: folder.name, arms: reported, photos, taxonomy, evaluation, verdict, tables });
  const timing = await writeTiming(folder, prepared.clock);
  return {
    folder: folder.path,
    arms: compared.map(({ arm, metrics }) => ({ arm, emr: metrics.emr })),
    verdict,
    table,
    summary: [
      '',
      ...differenceLines(verdict),
      ...improvementLines(compared),
      ...describeAverage(average),
      `report: ${folder.path}/report.html`,
      describeTiming(timing),
    ],
  };
}

/** Every arm on the same fully labelled photos. */
function judge(results: readonly ArmResult[], { photos, taxonomy, groups }: PreparedRun): Verdict {
  return judgeHeldOut(
    results.flatMap(({ heldOut }) => (heldOut === undefined ? [] : [heldOut])),
    photos,
    taxonomy,
    groups.groupOf,
  );
}
