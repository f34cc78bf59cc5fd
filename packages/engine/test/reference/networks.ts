/** @file The networks of `tools/reference/engine_networks.py`, built with the engine. */
import {
  avgPool2d,
  batchNorm2d,
  conv2d,
  gelu,
  globalAveragePool2d,
  layerNorm,
  linear,
  maxPool2d,
  multiHeadAttention,
  normal,
  normaliseImages,
  relu,
  relu6,
  samePadding,
  silu,
  softmaxCrossEntropy,
  type ConvolutionOptions,
  type Network,
  type Value,
} from '@busana/engine';

export const BATCH = 6;
const CLASSES = 5;
const SIZE = 12;

/** x [N, 3, 12, 12] -> logits [N, 5] */
type Body = (network: Network, x: Value) => Value;

const residual: Body = (network, image) => {
  const { graph } = network;
  const convolve = (conv: string, norm: string, x: Value, options: Omit<ConvolutionOptions, 'bias'>): Value =>
    batchNorm2d(network, norm, conv2d(network, conv, x, { ...options, bias: false }));
  let x = relu(network, convolve('conv1', 'bn1', image, { outChannels: 4, kernel: 3, padding: 1 }));
  x = maxPool2d(network, x, { kernel: 3, stride: 2, padding: 1 });
  for (const [name, outChannels, stride] of [
    ['layer1', 4, 1],
    ['layer2', 6, 2],
  ] as const) {
    const first = convolve(`${name}.conv1`, `${name}.bn1`, x, { outChannels, kernel: 3, stride, padding: 1 });
    const y = convolve(`${name}.conv2`, `${name}.bn2`, relu(network, first), { outChannels, kernel: 3, padding: 1 });
    const project = (): Value =>
      convolve(`${name}.downsample.0`, `${name}.downsample.1`, x, { outChannels, kernel: 1, stride });
    x = relu(network, graph.op('Add', [y, stride === 1 ? x : project()]));
  }
  return linear(network, 'fc', graph.op('Flatten', [globalAveragePool2d(network, x)], { axis: 1 }), CLASSES);
};

const depthwise: Body = (network, image) => {
  const sameAtStride2 = (size: number): Pick<ConvolutionOptions, 'kernel' | 'stride' | 'padding' | 'bias'> => {
    const [before, after] = samePadding(size, 3, 2);
    return { kernel: 3, stride: 2, padding: [before, before, after, after], bias: false };
  };
  let x = conv2d(network, 'stem', image, { outChannels: 6, ...sameAtStride2(SIZE) });
  x = relu6(network, batchNorm2d(network, 'stem_bn', x));
  x = conv2d(network, 'depthwise', x, { outChannels: 6, groups: 6, ...sameAtStride2(SIZE / 2) });
  x = relu6(network, batchNorm2d(network, 'depthwise_bn', x));
  x = conv2d(network, 'pointwise', x, { outChannels: 8, kernel: 1, bias: false });
  x = batchNorm2d(network, 'pointwise_bn', x);
  x = silu(network, conv2d(network, 'wide', x, { outChannels: 8, kernel: 3, padding: 2, dilation: 2, groups: 4 }));
  x = avgPool2d(network, x, { kernel: 3 });
  return linear(network, 'fc', network.graph.op('Flatten', [x], { axis: 1 }), CLASSES);
};

const transformer: Body = (network, image) => {
  const { graph } = network;
  const [width, epsilon] = [8, 1e-6];
  const batch = image.shape[0] as number;
  const token = network.parameter('cls_token', [1, 1, width], normal(0.02));
  const positions = network.parameter('pos_embed', [1, 10, width], normal(0.02));
  const patches = conv2d(network, 'patch_embed.proj', image, { outChannels: width, kernel: 4, stride: 4 });
  const sequence = graph.op('Transpose', [graph.op('Reshape', [patches, graph.integers([0, width, -1])])], {
    perm: [0, 2, 1],
  });
  const tokens = graph.op('Expand', [token, graph.integers([batch, 1, width])]);
  let x = graph.op('Add', [graph.op('Concat', [tokens, sequence], { axis: 1 }), positions]);
  const attended = multiHeadAttention(network, 'attn', layerNorm(network, 'norm1', x, { epsilon }), { heads: 2 });
  x = graph.op('Add', [x, attended]);
  const hidden = linear(network, 'mlp.fc1', layerNorm(network, 'norm2', x, { epsilon }), 2 * width);
  x = graph.op('Add', [x, linear(network, 'mlp.fc2', gelu(network, hidden), width)]);
  const first = graph.op('Gather', [layerNorm(network, 'norm', x, { epsilon }), graph.integers([0])], { axis: 1 });
  return linear(network, 'head', graph.op('Squeeze', [first, graph.integers([1])]), CLASSES);
};

export const bodies: Readonly<Record<string, Body>> = { residual, depthwise, transformer };

/** Images as an input of the graph -> logits. */
export function logitsOf(network: Network, body: Body): Value {
  const images = network.graph.input('images', 'uint8', [BATCH, SIZE, SIZE, 3]);
  const normalisation = { scale: 1 / 255, mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] } as const;
  return body(network, normaliseImages(network, images, normalisation));
}

/** The loss that the reference has its gradients of. */
export function lossOf(network: Network, logits: Value): Value {
  const targets = network.graph.input('targets', 'int64', [BATCH]);
  return softmaxCrossEntropy(network.graph, logits, targets, { labelSmoothing: 0.1 });
}
