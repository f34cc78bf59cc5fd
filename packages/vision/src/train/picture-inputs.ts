import type { Taxonomy, TrainingConfig } from '@busana/contracts';
import { Random, tensor, type Tensor, type TensorMap } from '@busana/engine';
import { batches } from '../batches/batches.ts';
import { drawMix, mixPictures } from '../batches/mix.ts';
import { mixableGroups } from '../batches/mix-rules.ts';
import type { PhotoStore } from '../batches/photo-store.ts';
import type { Targets } from '../data/dataset.ts';
import type { AugmentationPolicy } from '../image/augment/policy.ts';
import { classifierOptions, classify, whenPredicting } from '../models/classifier.ts';
import { stageOf } from '../models/definition.ts';
import type { TrainingInputs } from './inputs.ts';

export interface PictureInputsOptions {
  readonly config: TrainingConfig;
  readonly store: PhotoStore;
  /** The same photos at the size of validation. */
  readonly validationStore: PhotoStore;
  readonly policy: AugmentationPolicy;
  readonly taxonomy: Taxonomy;
  /** Per photo of the store. */
  readonly targets: readonly Targets[];
  /** Pretrained parameters of the backbone, by name; none for a random start. */
  readonly pretrained: TensorMap;
}

/** Augmented pictures, mixed where the configuration says so, through the whole network. */
export function pictureInputs({
  config,
  store,
  validationStore,
  policy,
  taxonomy,
  targets,
  pretrained,
}: PictureInputsOptions): TrainingInputs {
  const { mix: mixing } = config;
  const mixable = mixing === 'none' ? [] : mixableGroups(mixing, taxonomy, targets);
  const options = classifierOptions(config);
  const { architecture, imageSize } = options;
  const predicting = classifierOptions(whenPredicting(config));
  const pictures = (count: number, images: Uint8Array, size = imageSize): Tensor =>
    tensor('uint8', [count, size, size, 3], images);
  let readInto = new Uint8Array(0);
  return {
    build(network, heads, batch) {
      const used = network.training ? options : predicting;
      const input = network.graph.input('input', 'uint8', [batch, used.imageSize, used.imageSize, 3]);
      return classify(network, input, heads, used).logits;
    },
    async *batches(order) {
      let batch = 0;
      for await (const { images, indices } of batches(store, { ...order, policy })) {
        if (mixing === 'none') {
          yield { input: pictures(indices.length, images), indices };
        } else {
          const random = Random.of(order.seed, 'mix', order.stream, order.epoch, batch);
          const mix = drawMix(random, mixing, { groups: indices.map((index) => mixable[index]!), size: imageSize });
          yield { input: pictures(indices.length, mixPictures(images, imageSize, mix)), indices, mix };
        }
        batch += 1;
      }
    },
    async read(indices) {
      const { size } = validationStore;
      const length = indices.length * size * size * 3;
      if (readInto.length < length) readInto = new Uint8Array(length);
      return pictures(indices.length, await validationStore.read(indices, readInto), size);
    },
    initial: pretrained,
    stageOf: (name) => stageOf(architecture, name),
    frozenStages: (epoch) => frozenStages(architecture.stages.length, epoch, config),
    learningRateFactor: (name) => config.layerDecay ** (architecture.stages.length - stageOf(architecture, name)),
    fixed: new Map(),
    release: () => Promise.resolve(),
  };
}

/** From all of the backbone in the first epoch to none of it when `unfreeze` epochs are over (Howard and Ruder 2018, section 3.3). */
function frozenStages(stages: number, epoch: number, { unfreeze }: TrainingConfig): number {
  return epoch > unfreeze ? 0 : Math.ceil(stages * (1 - (epoch - 1) / unfreeze));
}
