import type { Value } from '../graph/value.ts';
import type { Network } from './network.ts';
import { padsOf, pairOf, type Padding, type Pair } from './sizes.ts';

export interface PoolingOptions {
  readonly kernel: Pair;
  /** Default: the kernel. */
  readonly stride?: Pair;
  /** Default 0. A maximum ignores the border, an average counts its zeros. */
  readonly padding?: Padding;
}

/** x [N, C, H, W] -> [N, C, H', W'], the largest of each window. As torch.nn.MaxPool2d. */
export function maxPool2d({ graph, training }: Network, x: Value, options: PoolingOptions): Value {
  // With the positions as second output the backward pass need not look for the largest values again.
  return graph.emit('MaxPool', [x], training ? 2 : 1, windowOf(options))[0]!;
}

/** x [N, C, H, W] -> [N, C, H', W'], the mean of each window. As torch.nn.AvgPool2d. */
export function avgPool2d(network: Network, x: Value, options: PoolingOptions): Value {
  return network.graph.op('AveragePool', [x], { ...windowOf(options), count_include_pad: 1 });
}

/** x [N, C, H, W] -> [N, C, 1, 1], the mean of each map. */
export function globalAveragePool2d(network: Network, x: Value): Value {
  return network.graph.op('GlobalAveragePool', [x]);
}

function windowOf({ kernel, stride = kernel, padding = 0 }: PoolingOptions): {
  kernel_shape: readonly number[];
  strides: readonly number[];
  pads: readonly number[];
} {
  return { kernel_shape: pairOf(kernel), strides: pairOf(stride), pads: padsOf(padding) };
}
