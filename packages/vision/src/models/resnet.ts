/**
 * @file Residual networks (He et al. 2015, "Deep residual learning for image recognition", table 1), in torchvision's
 * layout and parameter names: the stride of a bottleneck is on its 3 x 3 convolution.
 */
import { globalAveragePool2d, maxPool2d, relu, stochasticDepth, type Network, type Value } from '@busana/engine';
import { attend } from './attention.ts';
import { beforePooling, convolutionNorm } from './blocks.ts';
import type { Architecture, Attention } from './definition.ts';

interface Depth {
  readonly name: string;
  readonly block: 'basic' | 'bottleneck';
  readonly blocks: readonly [number, number, number, number];
}

interface BlockOptions {
  readonly width: number;
  readonly stride: number;
  readonly attention: Attention;
  /** Probability of skipping the block in training. */
  readonly skipping: number;
}

/** x [N, C, H, W] -> [N, outChannels, H / stride, W / stride]; the shortcut is projected where shapes differ. */
function residual(
  network: Network,
  name: string,
  x: Value,
  block: Depth['block'],
  { width, stride, attention, skipping }: BlockOptions,
): Value {
  const { graph } = network;
  const layer = (index: number): readonly [string, string] => [`${name}.conv${index}`, `${name}.bn${index}`];
  const outChannels = block === 'basic' ? width : width * 4;
  let y: Value;
  if (block === 'basic') {
    y = relu(network, convolutionNorm(network, layer(1), x, { channels: width, kernel: 3, stride }));
    y = convolutionNorm(network, layer(2), y, { channels: width, kernel: 3 });
  } else {
    y = relu(network, convolutionNorm(network, layer(1), x, { channels: width, kernel: 1 }));
    y = relu(network, convolutionNorm(network, layer(2), y, { channels: width, kernel: 3, stride }));
    y = convolutionNorm(network, layer(3), y, { channels: outChannels, kernel: 1 });
  }
  y = stochasticDepth(network, `${name}.skip`, attend(network, `${name}.attention`, y, attention), skipping);
  const same = stride === 1 && x.shape[1] === outChannels;
  const shortcut = same
    ? x
    : convolutionNorm(network, [`${name}.downsample.0`, `${name}.downsample.1`], x, {
        channels: outChannels,
        kernel: 1,
        stride,
      });
  return relu(network, graph.op('Add', [y, shortcut]));
}

function resnet({ name, block, blocks }: Depth): Architecture {
  const all = blocks.flatMap((count, stage) =>
    Array.from({ length: count }, (_, index) => ({
      name: `layer${stage + 1}.${index}`,
      width: 64 * 2 ** stage,
      stride: stage > 0 && index === 0 ? 2 : 1,
    })),
  );
  return {
    name,
    description: `Residual network, ${all.length} ${block} blocks`,
    source: 'He et al. 2015, arXiv:1512.03385, table 1; torchvision layout',
    weightsLicence: 'BSD-3-Clause (torchvision)',
    defaultImageSize: 224,
    normalise: 'imagenet',
    attention: true,
    backbone(network, image, options) {
      const stem = { channels: 64, kernel: 7, stride: 2 };
      let x = relu(network, convolutionNorm(network, ['conv1', 'bn1'], image, stem));
      x = maxPool2d(network, x, { kernel: 3, stride: 2, padding: 1 });
      for (const [index, { name, ...shape }] of all.entries()) {
        const skipping = (options.stochasticDepth * index) / (all.length - 1);
        const inside = { ...shape, attention: options.attention, skipping };
        x = network.block(x, (input) => residual(network, name, input, block, inside));
      }
      return network.graph.op('Flatten', [globalAveragePool2d(network, x)], { axis: 1 });
    },
    classifiers: ['fc'],
    lastMap: beforePooling,
    stages: [['conv1', 'bn1'], ...all.map(({ name }) => [name])],
  };
}

export const resnets = [
  resnet({ name: 'resnet18', block: 'basic', blocks: [2, 2, 2, 2] }),
  resnet({ name: 'resnet34', block: 'basic', blocks: [3, 4, 6, 3] }),
  resnet({ name: 'resnet50', block: 'bottleneck', blocks: [3, 4, 6, 3] }),
  resnet({ name: 'resnet101', block: 'bottleneck', blocks: [3, 4, 23, 3] }),
] as const;
