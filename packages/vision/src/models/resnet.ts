/**
 * @file Residual networks (He et al. 2015, "Deep residual learning for image recognition", table 1), in torchvision's
 * layout and parameter names: the stride of a bottleneck is on its 3 x 3 convolution.
 */
import { batchNorm2d, conv2d, globalAveragePool2d, maxPool2d, relu, type Network, type Value } from '@busana/engine';
import type { Architecture } from './definition.ts';

interface Depth {
  readonly name: string;
  readonly block: 'basic' | 'bottleneck';
  readonly blocks: readonly [number, number, number, number];
}

interface BlockOptions {
  readonly width: number;
  readonly stride: number;
}

function convolutionAndNorm(
  network: Network,
  [conv, norm]: readonly [conv: string, norm: string],
  x: Value,
  { channels, kernel, stride = 1 }: { channels: number; kernel: number; stride?: number },
): Value {
  const y = conv2d(network, conv, x, { outChannels: channels, kernel, stride, padding: (kernel - 1) / 2, bias: false });
  return batchNorm2d(network, norm, y);
}

/** x [N, C, H, W] -> [N, outChannels, H / stride, W / stride]; the shortcut is projected where shapes differ. */
function residual(
  network: Network,
  name: string,
  x: Value,
  block: Depth['block'],
  { width, stride }: BlockOptions,
): Value {
  const { graph } = network;
  const layer = (index: number): readonly [string, string] => [`${name}.conv${index}`, `${name}.bn${index}`];
  const outChannels = block === 'basic' ? width : width * 4;
  let y: Value;
  if (block === 'basic') {
    y = relu(network, convolutionAndNorm(network, layer(1), x, { channels: width, kernel: 3, stride }));
    y = convolutionAndNorm(network, layer(2), y, { channels: width, kernel: 3 });
  } else {
    y = relu(network, convolutionAndNorm(network, layer(1), x, { channels: width, kernel: 1 }));
    y = relu(network, convolutionAndNorm(network, layer(2), y, { channels: width, kernel: 3, stride }));
    y = convolutionAndNorm(network, layer(3), y, { channels: outChannels, kernel: 1 });
  }
  const same = stride === 1 && x.shape[1] === outChannels;
  const shortcut = same
    ? x
    : convolutionAndNorm(network, [`${name}.downsample.0`, `${name}.downsample.1`], x, {
        channels: outChannels,
        kernel: 1,
        stride,
      });
  return relu(network, graph.op('Add', [y, shortcut]));
}

function resnet({ name, block, blocks }: Depth): Architecture {
  return {
    name,
    description: `Residual network, ${blocks.reduce((sum, count) => sum + count, 0)} ${block} blocks`,
    source: 'He et al. 2015, arXiv:1512.03385, table 1; torchvision layout',
    defaultImageSize: 224,
    classifier: 'fc',
    backbone(network, image) {
      const { graph } = network;
      let x = relu(
        network,
        convolutionAndNorm(network, ['conv1', 'bn1'], image, { channels: 64, kernel: 7, stride: 2 }),
      );
      x = maxPool2d(network, x, { kernel: 3, stride: 2, padding: 1 });
      for (const [stage, count] of blocks.entries()) {
        for (let index = 0; index < count; index += 1) {
          const stride = stage > 0 && index === 0 ? 2 : 1;
          x = residual(network, `layer${stage + 1}.${index}`, x, block, { width: 64 * 2 ** stage, stride });
        }
      }
      return graph.op('Flatten', [globalAveragePool2d(network, x)], { axis: 1 });
    },
  };
}

export const resnets = [
  resnet({ name: 'resnet18', block: 'basic', blocks: [2, 2, 2, 2] }),
  resnet({ name: 'resnet34', block: 'basic', blocks: [3, 4, 6, 3] }),
  resnet({ name: 'resnet50', block: 'bottleneck', blocks: [3, 4, 6, 3] }),
  resnet({ name: 'resnet101', block: 'bottleneck', blocks: [3, 4, 23, 3] }),
] as const;
