/** @file Attention that a residual block may end with: it weighs channels, or channels and positions. */
import { conv2d, globalAveragePool2d, linear, relu, type Network, type Value } from '@busana/engine';
import type { Attention } from './definition.ts';

/** Channels of the narrow layer, as a share (Hu et al. 2018, section 6.1; Woo et al. 2018, section 4). */
const REDUCTION = 16;
/** Side of the spatial convolution (Woo et al. 2018, table 3). */
const SPATIAL_KERNEL = 7;

/** x [N, C, H, W] -> the same shape, weighed. */
export function attend(network: Network, name: string, x: Value, kind: Attention): Value {
  switch (kind) {
    case 'none':
      return x;
    case 'se':
      return squeezeAndExcite(network, name, x);
    case 'eca':
      return efficientChannelAttention(network, name, x);
    case 'cbam':
      return spatialAttention(network, `${name}.spatial`, channelAttention(network, `${name}.channel`, x));
  }
}

/** Squeeze-and-excitation (Hu et al. 2018, arXiv:1709.01507, section 3). */
function squeezeAndExcite(network: Network, name: string, x: Value): Value {
  const pooled = network.graph.op('Flatten', [globalAveragePool2d(network, x)], { axis: 1 });
  return weighChannels(network, x, perceptron(network, name, pooled));
}

/** Efficient channel attention (Wang et al. 2020, arXiv:1910.03151, section 3.2): a convolution across channels. */
function efficientChannelAttention(network: Network, name: string, x: Value): Value {
  const { graph } = network;
  const channels = Number(x.shape[1]);
  // Equation 12 with gamma 2 and b 1, brought to the next odd number.
  const reach = Math.trunc(Math.abs((Math.log2(channels) + 1) / 2));
  const kernel = reach % 2 === 1 ? reach : reach + 1;
  const half = (kernel - 1) / 2;
  const row = graph.op('Transpose', [globalAveragePool2d(network, x)], { perm: [0, 2, 1, 3] });
  const options = { outChannels: 1, kernel: [kernel, 1], padding: [half, 0, half, 0], bias: false } as const;
  const mixed = conv2d(network, `${name}.conv`, row, options);
  return weighChannels(network, x, graph.op('Reshape', [mixed, graph.integers([0, channels])]));
}

/** Channel part of CBAM (Woo et al. 2018, arXiv:1807.06521, section 3.1): mean and maximum through one perceptron. */
function channelAttention(network: Network, name: string, x: Value): Value {
  const { graph } = network;
  const mean = graph.op('Flatten', [globalAveragePool2d(network, x)], { axis: 1 });
  const largest = graph.op('ReduceMax', [x, graph.integers([2, 3])], { keepdims: 0 });
  // One perceptron for both: they follow each other in the batch.
  const both = perceptron(network, name, graph.op('Concat', [mean, largest], { axis: 0 }));
  const pair = graph.op('Reshape', [both, graph.integers([2, -1, Number(x.shape[1])])]);
  return weighChannels(network, x, graph.op('ReduceSum', [pair, graph.integers([0])], { keepdims: 0 }));
}

/** Spatial part of CBAM: mean and maximum over channels, one convolution. */
function spatialAttention(network: Network, name: string, x: Value): Value {
  const { graph } = network;
  const maps = [
    graph.op('ReduceMean', [x, graph.integers([1])], { keepdims: 1 }),
    graph.op('ReduceMax', [x, graph.integers([1])], { keepdims: 1 }),
  ];
  const map = conv2d(network, `${name}.conv`, graph.op('Concat', maps, { axis: 1 }), {
    outChannels: 1,
    kernel: SPATIAL_KERNEL,
    padding: (SPATIAL_KERNEL - 1) / 2,
    bias: false,
  });
  return graph.op('Mul', [x, graph.op('Sigmoid', [map])]);
}

/** pooled [N, C] -> [N, C] through a layer of C / 16. */
function perceptron(network: Network, name: string, pooled: Value): Value {
  const channels = Number(pooled.shape[1]);
  const narrow = relu(network, linear(network, `${name}.fc1`, pooled, Math.max(1, channels / REDUCTION)));
  return linear(network, `${name}.fc2`, narrow, channels);
}

/** x [N, C, H, W] times sigmoid(logits [N, C]). */
function weighChannels({ graph }: Network, x: Value, logits: Value): Value {
  const weights = graph.op('Reshape', [graph.op('Sigmoid', [logits]), graph.integers([0, Number(x.shape[1]), 1, 1])]);
  return graph.op('Mul', [x, weights]);
}
