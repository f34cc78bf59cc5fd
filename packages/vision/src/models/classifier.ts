import { BusanaError, type TrainingConfig } from '@busana/contracts';
import { normaliseImages, type Network, type Value } from '@busana/engine';
import { normalisations, type Normalisation } from '../image/tensor.ts';
import type { Head } from '../train/approach.ts';
import type { Architecture, BackboneOptions } from './definition.ts';
import { putHeads, type HeadsOptions } from './heads.ts';
import { architectureNamed } from './registry.ts';

export interface ClassifierOptions extends BackboneOptions, HeadsOptions {
  readonly architecture: Architecture;
  readonly normalisation: Normalisation;
}

export interface Classifier {
  /** float32 `[N, D]`. */
  readonly embedding: Value;
  /** One per head, float32 `[N, classes]`. */
  readonly logits: readonly Value[];
}

/** What a configuration says about the network. @throws BusanaError CONFIG_INVALID */
export function classifierOptions(config: TrainingConfig): ClassifierOptions {
  const { model, imageSize, dropout, neck, stochasticDepth, attention, normalise } = config;
  const architecture = architectureNamed(model);
  if (attention !== 'none' && architecture.attention !== true) {
    throw new BusanaError('CONFIG_INVALID', `${architecture.name} takes no attention '${attention}'`, {
      remedy: 'Leave --attention out, or choose a ResNet.',
    });
  }
  const normalisation = normalisations[normalise === 'auto' ? architecture.normalise : normalise];
  return { architecture, normalisation, imageSize, dropout, neck, stochasticDepth, attention };
}

/** Photos -> normalised tensor -> backbone -> one linear head per output. @param image uint8 `[N, H, W, 3]` */
export function classify(
  network: Network,
  image: Value,
  heads: readonly Head[],
  options: ClassifierOptions,
): Classifier {
  const embedding = embed(network, image, options);
  return { embedding, logits: putHeads(network, embedding, heads, options) };
}

/** Photos -> embedding, float32 `[N, D]`. @param image uint8 `[N, H, W, 3]` */
export function embed(network: Network, image: Value, options: ClassifierOptions): Value {
  const x = normaliseImages(network, image, options.normalisation);
  return options.architecture.backbone(network, x, options);
}
