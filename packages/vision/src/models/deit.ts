/**
 * @file DeiT (Touvron et al. 2021, arXiv:2012.12877, table 1): the vision transformer (Dosovitskiy et al. 2021,
 * arXiv:2010.11929) in three sizes, plain or with a distillation token. Parameter names are those of the official files
 * and of timm.
 */
import {
  conv2d,
  filled,
  gelu,
  layerNorm,
  linear,
  multiHeadAttention,
  normal,
  stochasticDepth,
  type Network,
  type Value,
} from '@busana/engine';
import type { Architecture, BackboneOptions } from './definition.ts';
import { interpolatePositions } from './position-embeddings.ts';

const PATCH = 16;
const DEPTH = 12;
const EXPANSION = 4;
const EPSILON = 1e-6;
/** Deviation of the start values (Touvron et al. 2021, section 6); they trim it at two deviations. */
const initial = { weight: normal(0.02), bias: filled(0) } as const;

interface Variant {
  readonly name: string;
  readonly width: number;
  readonly heads: number;
  readonly distilled: boolean;
}

/** x [N, T, D] -> [N, T, D]: attention and a two-layer perceptron, each normalised before and added to its input. */
function block(network: Network, name: string, x: Value, { width, heads }: Variant, skipping: number): Value {
  const { graph } = network;
  const normalised = layerNorm(network, `${name}.norm1`, x, { epsilon: EPSILON });
  const attended = multiHeadAttention(network, `${name}.attn`, normalised, { heads, initial });
  const y = graph.op('Add', [x, stochasticDepth(network, `${name}.skip1`, attended, skipping)]);
  const inner = layerNorm(network, `${name}.norm2`, y, { epsilon: EPSILON });
  const hidden = gelu(network, linear(network, `${name}.mlp.fc1`, inner, width * EXPANSION, { initial }));
  const changed = linear(network, `${name}.mlp.fc2`, hidden, width, { initial });
  return graph.op('Add', [y, stochasticDepth(network, `${name}.skip2`, changed, skipping)]);
}

/** Image [N, 3, H, W] -> tokens [N, 1 or 2 + patches, D], with their positions added. */
function embed(network: Network, image: Value, { width, distilled }: Variant): Value {
  const { graph } = network;
  const special = ['cls_token', ...(distilled ? ['dist_token'] : [])].map((name) =>
    network.parameter(name, [1, 1, width], initial.weight, { decay: false }),
  );
  const map = conv2d(network, 'patch_embed.proj', image, { outChannels: width, kernel: PATCH, stride: PATCH });
  const patches = Number(map.shape[2]) * Number(map.shape[3]);
  const rows = graph.op('Reshape', [map, graph.integers([0, width, patches])]);
  const tokens = graph.op('Transpose', [rows], { perm: [0, 2, 1] });
  // A zero per photo brings the learnt tokens to the size of the batch, whatever that is.
  const none = graph.op('Mul', [
    graph.op('Slice', [tokens, graph.integers([0]), graph.integers([1]), graph.integers([1])]),
    graph.scalar(0),
  ]);
  const perPhoto = special.map((token) => graph.op('Add', [none, token]));
  const positions = network.parameter('pos_embed', [1, special.length + patches, width], initial.weight, {
    decay: false,
  });
  return graph.op('Add', [graph.op('Concat', [...perPhoto, tokens], { axis: 1 }), positions]);
}

function backbone(network: Network, image: Value, variant: Variant, options: BackboneOptions): Value {
  const { graph } = network;
  let x = embed(network, image, variant);
  for (let index = 0; index < DEPTH; index += 1) {
    const skipping = (options.stochasticDepth * index) / (DEPTH - 1);
    x = network.block(x, (input) => block(network, `blocks.${index}`, input, variant, skipping));
  }
  x = layerNorm(network, 'norm', x, { epsilon: EPSILON });
  // The class token, and beside it the distillation token: [N, D] or [N, 2 D].
  const learnt = variant.distilled ? 2 : 1;
  const first = graph.op('Slice', [x, graph.integers([0]), graph.integers([learnt]), graph.integers([1])]);
  return graph.op('Reshape', [first, graph.integers([0, learnt * variant.width])]);
}

function deit(variant: Variant): Architecture {
  const special = ['cls_token', 'dist_token', 'pos_embed', 'patch_embed'];
  return {
    name: variant.name,
    description: `Vision transformer, ${DEPTH} blocks of ${variant.heads} heads${variant.distilled ? ', class and distillation tokens' : ''}`,
    source: 'Touvron et al. 2021, arXiv:2012.12877, table 1',
    weightsLicence: 'Apache-2.0 (Meta)',
    defaultImageSize: 224,
    normalise: 'imagenet',
    backbone: (network, image, options) => backbone(network, image, variant, options),
    classifiers: variant.distilled ? ['head', 'head_dist'] : ['head'],
    // What the last block reads: behind it only the learnt tokens lead to the output.
    lastMap: { operator: 'LayerNormalization', fromEnd: 2, side: 'input' },
    learntTokens: variant.distilled ? 2 : 1,
    stages: [special, ...Array.from({ length: DEPTH }, (_, index) => [`blocks.${index}`]), ['norm']],
    adapt: (weights, { imageSize }) =>
      interpolatePositions(weights, { side: imageSize / PATCH, special: variant.distilled ? 2 : 1 }),
  };
}

const sizes = [
  { size: 'tiny', width: 192, heads: 3 },
  { size: 'small', width: 384, heads: 6 },
  { size: 'base', width: 768, heads: 12 },
] as const;

export const deits = [false, true].flatMap((distilled) =>
  sizes.map(({ size, width, heads }) =>
    deit({ name: `deit_${size}${distilled ? '_distilled' : ''}_patch16_224`, width, heads, distilled }),
  ),
);
