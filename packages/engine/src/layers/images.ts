import { floats } from '../graph/tensor.ts';
import type { Value } from '../graph/value.ts';
import type { Network } from './network.ts';
import { expectRank } from './sizes.ts';

/** (pixel * scale - mean) / deviation, per channel of RGB. */
export interface ImageNormalisation {
  /** 1 / 255 brings pixels to [0, 1]. */
  readonly scale: number;
  readonly mean: readonly [number, number, number];
  readonly deviation: readonly [number, number, number];
}

/** x uint8 [N, H, W, 3] -> float32 [N, 3, H, W], normalised. */
export function normaliseImages(network: Network, x: Value, normalisation: ImageNormalisation): Value {
  const { graph } = network;
  const { scale, mean, deviation } = normalisation;
  expectRank(x, 4, 'normaliseImages');
  const perChannel = (channel: (index: 0 | 1 | 2) => number): Value => {
    const numbers = ([0, 1, 2] as const).map(channel);
    // The runtime may do this with channels last, where one number takes a tenth of the time of three in turn.
    if (numbers.every((number) => number === numbers[0])) return graph.scalar(numbers[0]!);
    return graph.constant(floats([1, 3, 1, 1], numbers));
  };
  return graph.within('normalise', () => {
    const planes = graph.op('Cast', [graph.op('Transpose', [x], { perm: [0, 3, 1, 2] })], { to: 'float32' });
    const scaled = graph.op('Mul', [planes, perChannel((index) => scale / deviation[index])]);
    if (mean.every((value) => value === 0)) return scaled;
    return graph.op('Sub', [scaled, perChannel((index) => mean[index] / deviation[index])]);
  });
}
