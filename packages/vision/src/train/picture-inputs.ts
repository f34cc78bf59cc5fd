import type { TrainingConfig } from '@busana/contracts';
import { tensor, type Tensor, type TensorMap } from '@busana/engine';
import { batches } from '../batches/batches.ts';
import type { PhotoStore } from '../batches/photo-store.ts';
import type { AugmentationPolicy } from '../image/augment/policy.ts';
import { classifierOptions, classify } from '../models/classifier.ts';
import { stageOf } from '../models/definition.ts';
import type { TrainingInputs } from './inputs.ts';

export interface PictureInputsOptions {
  readonly config: TrainingConfig;
  readonly store: PhotoStore;
  readonly policy: AugmentationPolicy;
  /** Pretrained parameters of the backbone, by name; none for a random start. */
  readonly pretrained: TensorMap;
}

/** Augmented pictures through the whole network. */
export function pictureInputs({ config, store, policy, pretrained }: PictureInputsOptions): TrainingInputs {
  const options = classifierOptions(config);
  const { architecture, imageSize } = options;
  const pictures = (count: number, images: Uint8Array): Tensor =>
    tensor('uint8', [count, imageSize, imageSize, 3], images);
  return {
    build(network, heads, batch) {
      const input = network.graph.input('input', 'uint8', [batch, imageSize, imageSize, 3]);
      return classify(network, input, heads, options).logits;
    },
    async *batches(order) {
      for await (const { images, indices } of batches(store, { ...order, policy })) {
        yield { input: pictures(indices.length, images), indices };
      }
    },
    read: async (indices) => pictures(indices.length, await store.read(indices)),
    initial: pretrained,
    stageOf: (name) => stageOf(architecture, name),
    frozenStages: (epoch) => frozenStages(architecture.stages.length, epoch, config),
    learningRateFactor: (name) => config.layerDecay ** (architecture.stages.length - stageOf(architecture, name)),
    fixed: new Map(),
  };
}

/** From all of the backbone in the first epoch to none of it when `unfreeze` epochs are over (Howard and Ruder 2018, section 3.3). */
function frozenStages(stages: number, epoch: number, { unfreeze }: TrainingConfig): number {
  return epoch > unfreeze ? 0 : Math.ceil(stages * (1 - (epoch - 1) / unfreeze));
}
