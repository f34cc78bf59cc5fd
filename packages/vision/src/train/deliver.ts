/** @file From finished jobs to the model file of a run. */
import type { Metrics, Taxonomy, Thresholds, TrainingConfig } from '@busana/contracts';
import type { TensorMap } from '@busana/engine';
import { buildArtifact } from '../artifact/build.ts';
import { chooseThresholds } from '../artifact/thresholds.ts';
import type { LabelledPhoto } from '../data/dataset.ts';
import type { Pictures } from '../export/agreement.ts';
import { jointOutcomes } from '../evaluate/accuracy.ts';
import { riskCoverage } from '../evaluate/calibration.ts';
import { heldLogits, type ArmResult, type Split } from './execute.ts';
import { fitFamiliarity } from './familiarity.ts';
import { modelCard } from './model-card.ts';
import type { RunFolder } from './run-folder.ts';
import { heldOutAt } from './scaling.ts';

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
  const fitted = delivery.evidence.heldOut?.scaling?.temperatures;
  const temperatures = plan.networks.flatMap(({ heads }) => heads.map((head) => fitted?.[head.name] ?? 1));
  const thresholds = thresholdsFor(delivery, temperatures);
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

/** Thresholds are for what the file will answer, which is calibrated with one temperature for all photos. */
function thresholdsFor({ evidence, splits, photos }: Delivery, temperatures: readonly number[]): Thresholds {
  const { arm, plan, jobs } = evidence;
  const held = heldLogits(jobs, splits);
  if (held.length === 0) return chooseThresholds();
  const answers = heldOutAt(arm.name, plan, held, temperatures);
  const targets = answers.photos.map((photo) => photos[photo]!.targets);
  return chooseThresholds(riskCoverage(jointOutcomes(targets, answers.probabilities)));
}
