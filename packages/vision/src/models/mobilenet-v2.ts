/** @file MobileNetV2 (Sandler et al. 2018, arXiv:1801.04381, table 2), in torchvision's layout and parameter names. */
import { globalAveragePool2d, relu6, stochasticDepth, type Network, type Value } from '@busana/engine';
import { beforePooling, convolutionNorm } from './blocks.ts';
import type { Architecture, BackboneOptions } from './definition.ts';

/** Expansion, output channels, repetitions and the first repetition's stride. */
const STAGES = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
] as const;

interface Block {
  readonly expansion: number;
  readonly channels: number;
  readonly stride: number;
}

const blocks: readonly Block[] = STAGES.flatMap(([expansion, channels, count, stride]) =>
  Array.from({ length: count }, (_, index) => ({ expansion, channels, stride: index === 0 ? stride : 1 })),
);

/** Expansion, depthwise convolution, projection without activation; a shortcut where the shape stays. */
function invertedResidual(network: Network, name: string, x: Value, block: Block, skipping: number): Value {
  const { expansion, channels, stride } = block;
  const inChannels = Number(x.shape[1]);
  const hidden = inChannels * expansion;
  const expanded = expansion !== 1;
  let y = x;
  if (expanded) {
    y = relu6(network, convolutionNorm(network, [`${name}.0.0`, `${name}.0.1`], y, { channels: hidden, kernel: 1 }));
  }
  const [depthwise, projection] = expanded ? [1, 2] : [0, 1];
  const spatial = { channels: hidden, kernel: 3, stride, groups: hidden };
  y = relu6(network, convolutionNorm(network, [`${name}.${depthwise}.0`, `${name}.${depthwise}.1`], y, spatial));
  y = convolutionNorm(network, [`${name}.${projection}`, `${name}.${projection + 1}`], y, { channels, kernel: 1 });
  if (stride !== 1 || inChannels !== channels) return y;
  return network.graph.op('Add', [stochasticDepth(network, `${name}.skip`, y, skipping), x]);
}

function backbone(network: Network, image: Value, { stochasticDepth: rate }: BackboneOptions): Value {
  const stem = { channels: 32, kernel: 3, stride: 2 };
  let x = relu6(network, convolutionNorm(network, ['features.0.0', 'features.0.1'], image, stem));
  for (const [index, block] of blocks.entries()) {
    const skipping = (rate * index) / (blocks.length - 1);
    const name = `features.${index + 1}.conv`;
    x = network.block(x, (input) => invertedResidual(network, name, input, block, skipping));
  }
  const last = `features.${blocks.length + 1}`;
  x = relu6(network, convolutionNorm(network, [`${last}.0`, `${last}.1`], x, { channels: 1280, kernel: 1 }));
  return network.graph.op('Flatten', [globalAveragePool2d(network, x)], { axis: 1 });
}

export const mobileNetV2: Architecture = {
  name: 'mobilenet_v2',
  description: 'Inverted residuals with linear bottlenecks: small and quick on a CPU',
  source: 'Sandler et al. 2018, arXiv:1801.04381, table 2; torchvision layout',
  weightsLicence: 'BSD-3-Clause (torchvision)',
  defaultImageSize: 224,
  normalise: 'imagenet',
  backbone,
  classifiers: ['classifier.1'],
  lastMap: beforePooling,
  stages: Array.from({ length: blocks.length + 2 }, (_, index) => [`features.${index}`]),
};
