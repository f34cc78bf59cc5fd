/** @file `busana compare`: several arms on the same folds, and a verdict. */
import type { Approach, Metrics, TrainingConfig, Verdict } from '@busana/contracts';
import { approachSchema, BusanaError } from '@busana/contracts';
import { performance } from 'node:perf_hooks';
import { comparisonVerdict } from '../evaluate/verdict.ts';
import { firstToLast } from '../evaluate/improvement.ts';
import { csvLine } from '../predict/output.ts';
import { countParameters } from '../models/describe.ts';
import type { Listener } from './events.ts';
import { executeArms, type Arm, type ArmResult } from './execute.ts';
import { exactMatches } from './held-out.ts';
import { openRun, prepareRun, type PreparedRun, type RunRequest } from './prepare.ts';
import { planSplits } from './splits.ts';
import { armMetrics, writeTables } from './write-results.ts';
import { writeRunReport } from './run-report.ts';

export interface CompareRequest extends RunRequest {
  readonly config: TrainingConfig;
  readonly approaches: readonly string[];
  readonly models: readonly string[];
  readonly emit: Listener;
  readonly signal?: AbortSignal;
}

/** A row of `comparison.csv`. */
export interface ComparedArm {
  readonly arm: string;
  readonly metrics: Metrics;
  readonly parameters: number;
  readonly trainSeconds: number;
  readonly millisecondsPerImage: number;
  /** By metric: value after the first and the last epoch, mean over folds. */
  readonly improvement: ReadonlyMap<string, { first: number; last: number; change: number }>;
}

export interface CompareResult {
  readonly folder: string;
  readonly arms: readonly { readonly arm: string; readonly emr: Metrics['emr'] }[];
  readonly verdict: Verdict;
  readonly table: { readonly header: readonly string[]; readonly rows: readonly (readonly string[])[] };
  readonly summary: readonly string[];
}

/** @throws BusanaError CONFIG_INVALID, and whatever training throws */
export async function compare(request: CompareRequest): Promise<CompareResult> {
  const { emit, signal, config } = request;
  if (config.folds < 2)
    throw new BusanaError('CONFIG_INVALID', `a comparison needs at least 2 folds, not ${config.folds}`);
  const run = await openRun('compare', request, planArms(request));
  const prepared = await prepareRun(run, { emit, ...(signal && { signal }) });
  try {
    return await comparePrepared(prepared, emit, signal);
  } finally {
    await prepared.store.release();
  }
}

function planArms({ config, approaches, models }: CompareRequest): Arm[] {
  return models.flatMap((model) =>
    approaches.map((name) => {
      const approach = approachSchema.safeParse(name);
      if (!approach.success) throw new BusanaError('CONFIG_INVALID', `there is no approach called '${name}'`);
      return {
        name: armName(model, approach.data, models.length, approaches.length),
        config: { ...config, model, approach: approach.data },
      };
    }),
  );
}

function armName(model: string, approach: Approach, models: number, approaches: number): string {
  if (models === 1) return approach;
  return approaches === 1 ? model : `${model}/${approach}`;
}

async function comparePrepared(prepared: PreparedRun, emit: Listener, signal?: AbortSignal): Promise<CompareResult> {
  const { run, photos, taxonomy } = prepared;
  const { folder, arms } = run;
  const splits = await planSplits(prepared, arms[0]!.config);
  const results = await executeArms({ ...prepared, folder, arms, splits, emit, ...(signal && { signal }) });
  const compared = await Promise.all(results.map((result) => describeArm(result, prepared)));
  const verdict = judge(results, prepared);
  const best = compared.find(({ arm }) => arm === verdict.best)!;
  await writeTables(folder, results, photos, taxonomy);
  await folder.write('comparison.csv', comparisonCsv(compared));
  await folder.writeJson('verdict.json', verdict);
  await folder.writeJson('metrics.json', best.metrics);
  const evaluation = `Out-of-fold figures of ${splits.length} folds, the same for every arm, duplicates kept in one fold.`;
  const reported = results.map((result, index) => ({ ...result, metrics: compared[index]!.metrics }));
  await writeRunReport({ folder, title: folder.name, arms: reported, photos, taxonomy, evaluation, verdict, compared });
  return {
    folder: folder.path,
    arms: compared.map(({ arm, metrics }) => ({ arm, emr: metrics.emr })),
    verdict,
    table: peopleTable(compared),
    summary: ['', ...improvementLines(compared), `report: ${folder.path}/report.html`],
  };
}

/** Every arm on the same fully labelled photos. */
function judge(results: readonly ArmResult[], { photos, taxonomy }: PreparedRun): Verdict {
  return comparisonVerdict(
    results.map(({ arm, heldOut }) => ({
      name: arm.name,
      correct: heldOut === undefined ? [] : [...exactMatches(heldOut, photos, taxonomy).values()],
    })),
  );
}

async function describeArm(result: ArmResult, prepared: PreparedRun): Promise<ComparedArm> {
  const { arm, rows, plan } = result;
  const { photos, taxonomy } = prepared;
  const metrics = armMetrics(result, photos, taxonomy)!;
  const started = performance.now();
  return {
    arm: arm.name,
    metrics,
    parameters: countParameters(arm.config.model, plan, arm.config.imageSize),
    trainSeconds: rows.reduce((sum, row) => sum + row.seconds, 0),
    millisecondsPerImage: performance.now() - started,
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

function comparisonCsv(arms: readonly ComparedArm[]): string {
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

function peopleTable(arms: readonly ComparedArm[]): CompareResult['table'] {
  const attributes = Object.keys(arms[0]?.metrics.attributes ?? {});
  return {
    header: ['arm', 'EMR', '95 % interval', ...attributes, 'parameters', 'train s'],
    rows: arms.map(({ arm, metrics, parameters, trainSeconds }) => [
      arm,
      metrics.emr.value.toFixed(4),
      `${metrics.emr.low.toFixed(4)}-${metrics.emr.high.toFixed(4)}`,
      ...attributes.map((name) => metrics.attributes[name]!.accuracy.toFixed(4)),
      parameters.toLocaleString('en'),
      trainSeconds.toFixed(0),
    ]),
  };
}

function improvementLines(arms: readonly ComparedArm[]): string[] {
  return arms.map(({ arm, improvement }) => {
    const parts = [...improvement].map(
      ([name, { first, last, change }]) =>
        `${name} ${first.toFixed(4)} to ${last.toFixed(4)} (${(change * 100).toFixed(1)} points)`,
    );
    return `${arm}, first to last epoch: ${parts.join(', ')}`;
  });
}
