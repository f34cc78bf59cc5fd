import { linear, normaliseImages, type Network, type Value } from '@busana/engine';
import type { Normalisation } from '../image/tensor.ts';
import type { Head } from '../train/approach.ts';
import type { Architecture } from './definition.ts';

export interface ClassifierOptions {
  readonly architecture: Architecture;
  readonly heads: readonly Head[];
  readonly imageSize: number;
  readonly normalisation: Normalisation;
  readonly dropout: number;
}

export interface Classifier {
  /** float32 `[N, D]`. */
  readonly embedding: Value;
  /** One per head, float32 `[N, classes]`. */
  readonly logits: readonly Value[];
}

/** Photos -> normalised tensor -> backbone -> one linear head per output. @param image uint8 `[N, H, W, 3]` */
export function classify(network: Network, image: Value, options: ClassifierOptions): Classifier {
  const { architecture, heads, imageSize, normalisation, dropout } = options;
  const x = normaliseImages(network, image, normalisation);
  const embedding = architecture.backbone(network, x, { imageSize, dropout });
  const logits = heads.map((head) => linear(network, `heads.${head.name}`, embedding, head.classes));
  return { embedding, logits };
}
