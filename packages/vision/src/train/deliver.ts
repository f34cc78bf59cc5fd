/** @file From finished jobs to the model file of a run. */
import type { Metrics, Taxonomy, TrainingConfig } from '@busana/contracts';
import type { TensorMap } from '@busana/engine';
import { buildArtifact } from '../artifact/build.ts';
import { fitTemperature } from '../artifact/temperature.ts';
import { chooseThresholds } from '../artifact/thresholds.ts';
import type { LabelledPhoto } from '../data/dataset.ts';
import type { Pictures } from '../export/agreement.ts';
import type { ApproachPlan } from './approach.ts';
import { gatherHeldOut, type ArmResult, type Split } from './execute.ts';
import { fitFamiliarity } from './familiarity.ts';
import { modelCard } from './model-card.ts';
import type { RunFolder } from './run-folder.ts';
import { armMetrics } from './write-results.ts';

export interface Delivery {
  readonly folder: RunFolder;
  readonly name: string;
  readonly config: TrainingConfig;
  readonly taxonomy: Taxonomy;
  readonly fingerprint: string;
  readonly photos: readonly LabelledPhoto[];
  /** Parameters of the model that is delivered, and the photos it saw. */
  readonly parameters: ReadonlyMap<string, TensorMap>;
  readonly trainedOn: readonly number[];
  /** Of the photos, at the size of validation. */
  readonly pictures: Pictures;
  /** Where the held-back logits come from: the same model, or the models of the folds. */
  readonly evidence: ArmResult;
  readonly splits: readonly Split[];
  readonly metrics: Metrics | undefined;
  readonly evaluation: string;
}

/** Writes `model.onnx` and `MODEL_CARD.md`. */
export async function deliver(delivery: Delivery): Promise<void> {
  const { folder, name, config, taxonomy, fingerprint, metrics, evaluation } = delivery;
  const trainedOn = delivery.trainedOn.length;
  const { plan } = delivery.evidence;
  const temperatures = fitTemperatures(delivery, plan);
  // Thresholds are for what the file will answer, which is calibrated.
  const calibrated = metrics === undefined ? undefined : calibratedMetrics(delivery, temperatures);
  const thresholds = chooseThresholds(calibrated);
  const familiarity = await describeFamiliar(delivery);
  const bytes = await buildArtifact({
    plan,
    config,
    taxonomy,
    parameters: delivery.parameters,
    temperatures,
    thresholds,
    familiarity,
    provenance: {
      name,
      architecture: config.model,
      approach: config.approach,
      data_fingerprint: fingerprint,
      photos: trainedOn,
      seed: config.seed,
      epochs: config.epochs,
      created_by: 'busana train',
    },
  });
  await folder.write('model.onnx', bytes);
  await folder.write(
    'MODEL_CARD.md',
    modelCard({
      name,
      config,
      taxonomy,
      fingerprint,
      photos: trainedOn,
      metrics,
      calibrated,
      thresholds,
      familiarity,
      evaluation,
    }),
  );
}

function describeFamiliar({ config, taxonomy, pictures, photos, parameters, trainedOn, evidence, splits }: Delivery) {
  return fitFamiliarity({
    plan: evidence.plan,
    config,
    taxonomy,
    pictures,
    targets: photos.map(({ targets }) => targets),
    final: { parameters, train: trainedOn },
    evidence: splits.map((split, job) => ({ ...split, parameters: evidence.jobs[job]!.parameters })),
  });
}

/** Per head, fitted on the held-back logits of all folds together; 1 when nothing was held back. */
function fitTemperatures({ evidence, splits, photos }: Delivery, plan: ApproachPlan): number[] {
  const heads = plan.networks.flatMap((network) => network.heads);
  const held = splits.flatMap(({ validation }, job) => (validation.length === 0 ? [] : [{ validation, job }]));
  const targets = held.flatMap(({ validation }) =>
    validation.map((photo) => plan.networks.flatMap((network) => network.headTargets(photos[photo]!.targets))),
  );
  return heads.map((_, head) => {
    const logits = held.map(({ job }) => evidence.jobs[job]!.logits[head]!);
    const joined = new Float32Array(logits.reduce((length, values) => length + values.length, 0));
    logits.reduce((offset, values) => {
      joined.set(values, offset);
      return offset + values.length;
    }, 0);
    return fitTemperature(
      joined,
      targets.map((photo) => photo[head]!),
    );
  });
}

/** Figures of the held-back photos as the delivered file would answer them. */
function calibratedMetrics({ evidence, splits, photos, taxonomy }: Delivery, temperatures: readonly number[]): Metrics {
  const jobs = evidence.jobs.map(({ logits, ...job }) => ({
    ...job,
    logits: logits.map((head, index) => head.map((value) => value / temperatures[index]!)),
  }));
  return armMetrics({ heldOut: gatherHeldOut({ ...evidence, jobs }, splits) }, photos, taxonomy)!;
}
