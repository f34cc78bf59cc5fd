import type { Value } from '../graph/value.ts';
import { filled } from './initializers.ts';
import type { Network } from './network.ts';
import { expectRank, knownSize } from './sizes.ts';

const EPSILON = 1e-5;
const MOMENTUM = 0.1;

export interface BatchNormOptions {
  /** Added to the variance; default 1e-5. */
  readonly epsilon?: number;
  /** Weight of the newest batch in the running statistics; default 0.1. */
  readonly momentum?: number;
}

export interface LayerNormOptions {
  /** Added to the variance; default 1e-5 (vision transformers use 1e-6). */
  readonly epsilon?: number;
}

/** x [N, C, H, W] -> the same shape. As torch.nn.BatchNorm2d; see {@link batchNorm1d}. */
export function batchNorm2d(network: Network, name: string, x: Value, options: BatchNormOptions = {}): Value {
  expectRank(x, 4, name);
  return batchNorm(network, name, x, options);
}

/**
 * x [N, C] -> the same shape. Each channel is normalised over the batch, then scaled and moved (Ioffe and Szegedy
 * 2015, "Batch normalization", algorithm 1). Parameters: `weight`, `bias`, `running_mean`, `running_var`, all [C].
 * In training the biased variance normalises and the unbiased one goes into the running average, as in PyTorch.
 * A layer whose running mean is frozen normalises with the running statistics in training too.
 */
export function batchNorm1d(network: Network, name: string, x: Value, options: BatchNormOptions = {}): Value {
  expectRank(x, 2, name);
  return batchNorm(network, name, x, options);
}

function batchNorm(network: Network, name: string, x: Value, options: BatchNormOptions): Value {
  const { epsilon = EPSILON, momentum = MOMENTUM } = options;
  const { graph } = network;
  const channels = knownSize(x, 1, name);
  const weight = network.parameter(`${name}.weight`, [channels], filled(1));
  const bias = network.parameter(`${name}.bias`, [channels], filled(0));
  const [meanName, varianceName] = [`${name}.running_mean`, `${name}.running_var`];
  const runningMean = network.parameter(meanName, [channels], filled(0), { trainable: false });
  const runningVariance = network.parameter(varianceName, [channels], filled(1), { trainable: false });
  return graph.within(name, () => {
    if (!network.training || network.frozen(meanName)) {
      return graph.op('BatchNormalization', [x, weight, bias, runningMean, runningVariance], { epsilon });
    }
    const [y, mean, variance] = graph.emit('BatchNormalizationTraining', [x, weight, bias], 4, { epsilon });
    const count = x.shape.reduce<number>((n, _, axis) => (axis === 1 ? n : n * knownSize(x, axis, name)), 1);
    const kept = 1 - momentum;
    network.observe(meanName, { newest: mean!, kept, fresh: momentum });
    network.observe(varianceName, { newest: variance!, kept, fresh: momentum * (count / (count - 1)) });
    return y!;
  });
}

/**
 * x [..., D] -> the same shape: each vector of the last axis is normalised, then scaled and moved (Ba et al. 2016,
 * "Layer normalization"). Parameters: `weight`, `bias`, both [D]. As torch.nn.LayerNorm.
 */
export function layerNorm(network: Network, name: string, x: Value, options: LayerNormOptions = {}): Value {
  const { epsilon = EPSILON } = options;
  const size = knownSize(x, -1, name);
  const weight = network.parameter(`${name}.weight`, [size], filled(1));
  const bias = network.parameter(`${name}.bias`, [size], filled(0));
  // In training the gradient reads mean and deviation, which are then not computed again.
  const outputs = network.training ? 3 : 1;
  return network.graph.within(
    name,
    () => network.graph.emit('LayerNormalization', [x, weight, bias], outputs, { axis: -1, epsilon })[0]!,
  );
}
