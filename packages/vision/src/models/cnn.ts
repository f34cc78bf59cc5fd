import { batchNorm1d, batchNorm2d, conv2d, linear, relu, type Network, type Value } from '@busana/engine';
import type { Architecture } from './definition.ts';

/** Output channels and stride of each 3 x 3 convolution: 224 px become a map of 7 x 7. */
const STAGES = [
  [16, 2],
  [32, 2],
  [64, 2],
  [64, 1],
  [128, 2],
  [128, 2],
] as const;
const HIDDEN = 128;

/**
 * Six convolutions, each followed by batch normalisation and ReLU, then one hidden layer over the flattened map.
 * The map is flattened and not pooled because the type of a garment is where things are (a hood above, a pocket
 * below): with global pooling the same network reads the type much worse.
 */
function backbone(network: Network, x: Value): Value {
  const { graph } = network;
  let map = x;
  for (const [index, [channels, stride]] of STAGES.entries()) {
    map = network.block(map, (input) => {
      const options = { outChannels: channels, kernel: 3, stride, padding: 1, bias: false };
      const convolved = conv2d(network, `features.${index}.conv`, input, options);
      return relu(network, batchNorm2d(network, `features.${index}.norm`, convolved));
    });
  }
  const flat = graph.op('Flatten', [map], { axis: 1 });
  const hidden = batchNorm1d(network, 'hidden.norm', linear(network, 'hidden', flat, HIDDEN, { bias: false }));
  return relu(network, hidden);
}

export const cnn: Architecture = {
  name: 'cnn',
  description: 'Small convolutional network for training from scratch on a few hundred photos',
  source: 'Plain conv-bn-relu stack (LeCun et al. 1998; Ioffe and Szegedy 2015) with a flattened map',
  defaultImageSize: 224,
  normalise: 'zero-one',
  backbone,
  classifiers: [],
  lastMap: { operator: 'Flatten', fromEnd: 0, side: 'input' },
  stages: [...STAGES.map((_, index) => [`features.${index}`]), ['hidden']],
};
