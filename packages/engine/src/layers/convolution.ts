import { EngineError } from '../errors.ts';
import type { Value } from '../graph/value.ts';
import { kaimingUniform } from './initializers.ts';
import type { Network } from './network.ts';
import { expectRank, knownSize, padsOf, pairOf, type Padding, type Pair } from './sizes.ts';

export interface ConvolutionOptions {
  readonly outChannels: number;
  readonly kernel: Pair;
  /** Default 1. */
  readonly stride?: Pair;
  /** Zeros around the map, default 0. */
  readonly padding?: Padding;
  /** Default 1. */
  readonly dilation?: Pair;
  /** Channels are split into so many groups that do not mix; default 1. Depthwise: as many as channels. */
  readonly groups?: number;
  /** Default true. */
  readonly bias?: boolean;
}

/**
 * x [N, C, H, W] -> [N, outChannels, H', W']. Parameters: `weight` [outChannels, C / groups, kernel height, kernel
 * width], `bias` [outChannels]. As torch.nn.Conv2d.
 * @throws EngineError SHAPE_MISMATCH
 */
export function conv2d(network: Network, name: string, x: Value, options: ConvolutionOptions): Value {
  const { outChannels, kernel, stride = 1, padding = 0, dilation = 1, groups = 1, bias = true } = options;
  expectRank(x, 4, name);
  const channels = knownSize(x, 1, name);
  if (channels % groups !== 0 || outChannels % groups !== 0) {
    throw new EngineError('SHAPE_MISMATCH', `${name}: ${groups} groups do not divide ${channels} -> ${outChannels}`);
  }
  const [height, width] = pairOf(kernel) as [number, number];
  const initializer = kaimingUniform((channels / groups) * height * width);
  const weight = network.parameter(`${name}.weight`, [outChannels, channels / groups, height, width], initializer);
  const inputs = bias ? [network.parameter(`${name}.bias`, [outChannels], initializer)] : [];
  return network.graph.within(name, () =>
    network.graph.op('Conv', [x, weight, ...inputs], {
      kernel_shape: [height, width],
      strides: pairOf(stride),
      pads: padsOf(padding),
      dilations: pairOf(dilation),
      group: groups,
    }),
  );
}
