import type { TrainingConfig } from '@busana/contracts';
import { floats, Random, type Tensor, type TensorMap } from '@busana/engine';
import type { Features } from '../features/extract.ts';
import { putHeads } from '../models/heads.ts';
import type { TrainingInputs } from './inputs.ts';

export interface FeatureInputsOptions {
  readonly config: TrainingConfig;
  readonly features: Features;
  /** Parameters of the backbone the features come from. */
  readonly backbone: TensorMap;
}

/** Embeddings through the heads: in training one of a photo's views at random, otherwise the photo as it is. */
export function featureInputs({ config, features, backbone }: FeatureInputsOptions): TrainingInputs {
  const { width, views } = features;
  const rows = (indices: readonly number[], viewOf: (position: number) => number): Tensor => {
    const values = new Float32Array(indices.length * width);
    indices.forEach((photo, position) => values.set(features.read(photo, viewOf(position)), position * width));
    return floats([indices.length, width], values);
  };
  return {
    build(network, heads, batch) {
      return putHeads(network, network.graph.input('input', 'float32', [batch, width]), heads, config);
    },
    // eslint-disable-next-line @typescript-eslint/require-await -- pictures arrive later, features are there
    async *batches({ order, batchSize, seed, stream, epoch }) {
      const random = Random.of(seed, 'view', stream, epoch);
      for (let start = 0; start < order.length; start += batchSize) {
        const indices = order.slice(start, start + batchSize);
        yield { input: rows(indices, () => random.integer(0, views - 1)), indices };
      }
    },
    read: (indices) => Promise.resolve(rows(indices, () => 0)),
    initial: new Map(),
    learningRateFactor: () => 1,
    stageOf: () => 0,
    frozenStages: () => 0,
    fixed: backbone,
    release: () => features.release(),
  };
}
