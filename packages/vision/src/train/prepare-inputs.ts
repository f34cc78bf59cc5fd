import type { Taxonomy, TrainingConfig } from '@busana/contracts';
import { initialise, type TensorMap } from '@busana/engine';
import { join } from 'node:path';
import type { PhotoStore } from '../batches/photo-store.ts';
import type { LabelledPhoto } from '../data/dataset.ts';
import { extractFeatures } from '../features/extract.ts';
import type { AugmentationPolicy } from '../image/augment/policy.ts';
import { backboneSpecs } from '../models/describe.ts';
import { architectureNamed } from '../models/registry.ts';
import { resolveWeights } from '../weights/cache.ts';
import { fitWeights } from '../weights/fit.ts';
import { readWeights } from '../weights/read.ts';
import type { Listener } from './events.ts';
import { featureInputs } from './feature-inputs.ts';
import type { TrainingInputs } from './inputs.ts';
import { pictureInputs } from './picture-inputs.ts';

export interface InputsOptions {
  readonly photos: readonly LabelledPhoto[];
  readonly taxonomy: Taxonomy;
  /** Of the photos. */
  readonly store: PhotoStore;
  /** The same photos at the size of validation. */
  readonly validationStore: PhotoStore;
  readonly policy: AugmentationPolicy;
  /** Folder of decoded photos, embeddings and weights kept between runs. */
  readonly cache: string;
  readonly emit: Listener;
  readonly signal?: AbortSignal;
}

/**
 * What an arm is trained on: pictures, or with `freeze` the embeddings of its backbone.
 * @throws BusanaError WEIGHTS_INVALID, INTERRUPTED, OUTPUT_UNWRITABLE
 */
export async function prepareInputs(config: TrainingConfig, options: InputsOptions): Promise<TrainingInputs> {
  if (config.freeze) return frozenInputs(config, options);
  const { photos, taxonomy, store, validationStore, policy } = options;
  const pretrained = await pretrainedBackbone(config, options);
  const targets = photos.map((photo) => photo.targets);
  return pictureInputs({ config, store, validationStore, policy, taxonomy, targets, pretrained });
}

/** Embeddings of a backbone that is left as it is. @throws BusanaError as {@link prepareInputs} */
export async function frozenInputs(
  config: TrainingConfig,
  options: Pick<InputsOptions, 'store' | 'policy' | 'cache' | 'emit' | 'signal'>,
): Promise<TrainingInputs> {
  const { store, policy, cache, emit, signal } = options;
  const pretrained = await pretrainedBackbone(config, options);
  if (pretrained.size === 0) emit({ type: 'notice', message: 'warning: a frozen backbone should not be random' });
  const backbone = new Map([...initialise(backboneSpecs(config), config.seed), ...pretrained]);
  const features = await extractFeatures({
    config,
    store,
    policy,
    backbone,
    cache: join(cache, 'features'),
    onProgress: (done, total) => emit({ type: 'prepare', done, total }),
    onNotice: (message) => emit({ type: 'notice', message }),
    ...(signal && { signal }),
  });
  return featureInputs({ config, features, backbone });
}

async function pretrainedBackbone(
  config: TrainingConfig,
  { emit, cache }: Pick<InputsOptions, 'emit' | 'cache'>,
): Promise<TensorMap> {
  const { model, weights, imageSize } = config;
  const architecture = architectureNamed(model);
  if (weights === '') {
    if (architecture.weightsLicence !== undefined) {
      emit({ type: 'notice', message: `${architecture.name} starts from random weights: none were given` });
    }
    return new Map();
  }
  const { tensors, notes } = fitWeights(architecture, await readWeights(await resolveWeights(weights, cache)), {
    specs: backboneSpecs(config),
    imageSize,
    head: 'replaced',
  });
  for (const note of notes) emit({ type: 'notice', message: note });
  return tensors;
}
