/**
 * @file EfficientNet-Lite (https://github.com/tensorflow/tpu/tree/master/models/official/efficientnet/lite): EfficientNet
 * (Tan and Le 2019, arXiv:1905.11946, table 1) with ReLU6, without squeeze-and-excitation, its stem, head, first and
 * last stage not scaled. Parameter names are timm's; padding is TensorFlow's SAME.
 */
import { globalAveragePool2d, relu6, stochasticDepth, type Network, type Value } from '@busana/engine';
import { beforePooling, convolutionNorm, roundChannels, type ConvolutionNormOptions } from './blocks.ts';
import type { Architecture } from './definition.ts';
import { namesOfConvertedFiles } from './efficientnet-lite-names.ts';

const STEM = 32;
const HEAD = 1280;
/** Kernel, expansion, output channels, repetitions and the first repetition's stride, before scaling. */
const STAGES = [
  [3, 1, 16, 1, 1],
  [3, 6, 24, 2, 2],
  [5, 6, 40, 2, 2],
  [3, 6, 80, 3, 2],
  [5, 6, 112, 3, 1],
  [5, 6, 192, 4, 2],
  [3, 6, 320, 1, 1],
] as const;
/** TensorFlow's epsilon, and its decay of 0.99 in PyTorch's terms. */
const norm = { padding: 'same', epsilon: 1e-3, momentum: 0.01 } as const;

interface Variant {
  readonly name: string;
  readonly width: number;
  readonly depth: number;
  readonly imageSize: number;
}

interface Block {
  readonly name: string;
  readonly kernel: number;
  readonly expansion: number;
  readonly channels: number;
  readonly stride: number;
}

function blocksOf({ width, depth }: Variant): Block[] {
  return STAGES.flatMap(([kernel, expansion, base, repetitions, stride], stage) => {
    const channels = roundChannels(base * width, 8);
    const scaled = stage === 0 || stage === STAGES.length - 1 ? repetitions : Math.ceil(repetitions * depth);
    return Array.from({ length: scaled }, (_, index) => ({
      name: `blocks.${stage}.${index}`,
      kernel,
      expansion,
      channels,
      stride: index === 0 ? stride : 1,
    }));
  });
}

function invertedResidual(network: Network, x: Value, block: Block, skipping: number): Value {
  const { name, kernel, expansion, channels, stride } = block;
  const inChannels = Number(x.shape[1]);
  const hidden = inChannels * expansion;
  let norms = 0;
  const layer = (y: Value, conv: string, options: ConvolutionNormOptions): Value => {
    norms += 1;
    return convolutionNorm(network, [`${name}.${conv}`, `${name}.bn${norms}`], y, { ...norm, ...options });
  };
  const depthwise = { channels: hidden, kernel, stride, groups: hidden };
  const expanded = expansion === 1 ? x : relu6(network, layer(x, 'conv_pw', { channels: hidden, kernel: 1 }));
  const spatial = relu6(network, layer(expanded, 'conv_dw', depthwise));
  const y = layer(spatial, expansion === 1 ? 'conv_pw' : 'conv_pwl', { channels, kernel: 1 });
  if (stride !== 1 || inChannels !== channels) return y;
  return network.graph.op('Add', [stochasticDepth(network, `${name}.skip`, y, skipping), x]);
}

function efficientNetLite(variant: Variant): Architecture {
  const blocks = blocksOf(variant);
  return {
    name: variant.name,
    description: 'EfficientNet for phones and CPUs: no squeeze-and-excitation, ReLU6',
    source: 'Tan and Le 2019, arXiv:1905.11946; EfficientNet-Lite (TensorFlow TPU models, 2020)',
    weightsLicence: 'Apache-2.0 (Google)',
    defaultImageSize: variant.imageSize,
    normalise: 'tensorflow',
    backbone(network, image, { stochasticDepth: rate }) {
      const stem = { ...norm, channels: STEM, kernel: 3, stride: 2 };
      let x = relu6(network, convolutionNorm(network, ['conv_stem', 'bn1'], image, stem));
      for (const [index, block] of blocks.entries()) {
        x = network.block(x, (input) => invertedResidual(network, input, block, (rate * index) / blocks.length));
      }
      x = relu6(network, convolutionNorm(network, ['conv_head', 'bn2'], x, { ...norm, channels: HEAD, kernel: 1 }));
      return network.graph.op('Flatten', [globalAveragePool2d(network, x)], { axis: 1 });
    },
    classifiers: ['classifier'],
    officialName: namesOfConvertedFiles(blocks),
    lastMap: beforePooling,
    stages: [['conv_stem', 'bn1'], ...blocks.map(({ name }) => [name]), ['conv_head', 'bn2']],
  };
}

export const efficientNetLites = [
  efficientNetLite({ name: 'efficientnet_lite0', width: 1, depth: 1, imageSize: 224 }),
  efficientNetLite({ name: 'efficientnet_lite1', width: 1, depth: 1.1, imageSize: 240 }),
  efficientNetLite({ name: 'efficientnet_lite2', width: 1.1, depth: 1.2, imageSize: 260 }),
  efficientNetLite({ name: 'efficientnet_lite3', width: 1.2, depth: 1.4, imageSize: 280 }),
  efficientNetLite({ name: 'efficientnet_lite4', width: 1.4, depth: 1.8, imageSize: 300 }),
] as const;
