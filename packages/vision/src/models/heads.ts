import type { TrainingConfig } from '@busana/contracts';
import { batchNorm1d, dropout, linear, relu, type Network, type Value } from '@busana/engine';
import type { Head } from '../train/approach.ts';

export type HeadsOptions = Pick<TrainingConfig, 'dropout' | 'neck'>;

/** Units of the hidden layer of a neck. */
const HIDDEN = 256;

/**
 * One linear head per output on the embedding, or on a hidden layer that they share or that each has of its own.
 * @param embedding float32 `[N, D]`
 * @returns logits per head, float32 `[N, classes]`
 */
export function putHeads(network: Network, embedding: Value, heads: readonly Head[], options: HeadsOptions): Value[] {
  const { dropout: probability, neck: kind } = options;
  const shared = kind === 'shared' ? neck(network, 'neck', embedding) : embedding;
  return heads.map(({ name, classes }) => {
    const own = kind === 'separate' ? neck(network, `neck.${name}`, shared) : shared;
    const kept = dropout(network, `heads.${name}.drop`, own, probability);
    return linear(network, `heads.${name}`, kept, classes);
  });
}

/** Normalised first: embeddings of frozen backbones have whatever scale their training gave them. */
function neck(network: Network, name: string, embedding: Value): Value {
  const normalised = batchNorm1d(network, `${name}.input`, embedding);
  const hidden = linear(network, `${name}.linear`, normalised, HIDDEN, { bias: false });
  return relu(network, batchNorm1d(network, `${name}.norm`, hidden));
}
