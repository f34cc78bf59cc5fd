/** @file `busana evaluate`: a model's figures on labelled photos, alone or against another model. */
import type { Metrics, Verdict } from '@busana/contracts';
import { expectSameAttributes, loadModels } from '../artifact/ensemble.ts';
import type { Model } from '../artifact/model.ts';
import { findDuplicateGroups } from '../data/duplicates.ts';
import { withTableGroups } from '../data/groups.ts';
import { openDataset } from '../data/open.ts';
import type { DatasetOptions } from '../data/open-one.ts';
import { expectDevice, type EngineOptions } from '../engine-options.ts';
import { describeMetrics } from '../evaluate/describe.ts';
import { limitDecoding } from '../image/decode.ts';
import type { HeldOut } from '../train/held-out.ts';
import { differenceLines, judgeHeldOut } from '../train/judge.ts';
import { heldOutMetrics } from '../train/write-results.ts';
import { answerAll } from './answer-all.ts';
import { metricsTables, type TitledTable } from './metrics-tables.ts';
import { writeEvaluation, type Evaluated } from './write-evaluation.ts';

export interface EvaluateRequest extends EngineOptions {
  /** Model files or run folders; the probabilities of several are averaged. */
  readonly models: readonly string[];
  /** Whether the mirrored photo counts as well. */
  readonly mirror?: boolean;
  /** A second model, or several averaged, judged on the same photos and compared with the first. */
  readonly against?: readonly string[];
  readonly data: DatasetOptions;
  /** Folder in which one is made for metrics, predictions, plots and a report. */
  readonly out?: string;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

export interface EvaluateResult {
  readonly metrics: Metrics;
  /** Of the two models, where there are two. */
  readonly verdict?: Verdict;
  /** Lines for people, and tables for whoever looks closer. */
  readonly summary: readonly string[];
  readonly tables: readonly TitledTable[];
}

/**
 * @throws BusanaError DEVICE_UNAVAILABLE; CONFIG_INVALID when the models have different attributes; for the model, the
 * data, the output; DATA_INVALID when a photo cannot be read
 */
export async function evaluateModel(request: EvaluateRequest): Promise<EvaluateResult> {
  const { threads = 0, device = 'cpu', models, against, mirror = false, out } = request;
  await expectDevice(device);
  limitDecoding(threads);
  const loaded: Model[] = [];
  try {
    for (const files of against === undefined ? [models] : [models, against]) {
      loaded.push(await loadModels({ models: files, mirror, threads, device }));
    }
    const evaluated = await measure(loaded, request);
    const folder = out === undefined ? undefined : await writeEvaluation(out, evaluated);
    const { metrics, verdict, taxonomy } = evaluated;
    const summary = [
      ...describeMetrics(metrics),
      ...(verdict === undefined ? [] : [verdict.sentence, ...differenceLines(verdict)]),
      ...(folder === undefined ? [] : [`metrics: ${folder}/metrics.json   report: ${folder}/report.html`]),
    ];
    return { metrics, ...(verdict && { verdict }), summary, tables: metricsTables(metrics, taxonomy) };
  } finally {
    await Promise.all(loaded.map((model) => model.release()));
  }
}

async function measure(loaded: readonly Model[], { data, onProgress, signal }: EvaluateRequest): Promise<Evaluated> {
  const [model, rival] = loaded as [Model, Model?];
  if (rival !== undefined) expectSameAttributes(model, rival);
  const taxonomy = model.metadata['busana.schema'];
  const { photos } = await openDataset({ verifyImages: false, ...data, taxonomy });
  let done = 0;
  const onAnswer = (): void => onProgress?.((done += 1), photos.length * loaded.length);
  const answers: HeldOut[] = [];
  for (const one of loaded) answers.push(await answerAll(one, photos, { onAnswer, ...(signal && { signal }) }));
  const { groupOf } = withTableGroups(photos, await findDuplicateGroups(photos));
  const metrics = heldOutMetrics(answers[0], photos, taxonomy, groupOf)!;
  if (rival === undefined) return { taxonomy, photos, answers, metrics };
  const named = answers.map((answer, index) => ({ ...answer, arm: nameOf(loaded, index) }));
  return { taxonomy, photos, answers: named, metrics, verdict: judgeHeldOut(named, photos, taxonomy, groupOf) };
}

/** The model's own name; its file where two have the same. */
function nameOf(loaded: readonly Model[], index: number): string {
  const names = loaded.map(({ metadata }) => metadata['busana.provenance'].name);
  return new Set(names).size === names.length ? names[index]! : loaded[index]!.file;
}
