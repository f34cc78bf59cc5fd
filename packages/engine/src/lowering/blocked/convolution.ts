/**
 * @file Convolutions in the runtime's blocked layout, where one instruction works on neighbouring channels. The runtime
 * rewrites a graph so by itself where weights are constants; in training they are inputs.
 */
import type { AnyNode, Node, Shape, Value } from '../../graph/value.ts';
import { sizesOf, type Build } from '../../rules/build.ts';
import type { LoweredValues } from '../values.ts';
import { geometryOf, reachOf } from '../../rules/convolution/window.ts';
import { depthwiseKernel, forwardKernel } from './kernels.ts';
import { channelMean } from './per-channel.ts';

/** Pictures of so few channels are read as they are. */
const PLAIN_CHANNELS = 4;

interface Groups {
  readonly group?: number;
}

/** How a convolution fits into blocks: x [N, C, H, W], w [O, C / group, kH, kW]. */
export type Fit = 'depthwise' | 'dense' | 'plain input';

/** Undefined where it does not, or where filling up the last block would cost more than blocks bring. */
export function fitOf(x: Shape, w: Shape, { group = 1 }: Groups, block: number | undefined): Fit | undefined {
  const numbers = [...x, ...w].every((size) => typeof size === 'number');
  if (block === undefined || !numbers || x.length !== 4 || w.length !== 4) return undefined;
  const [channels, filters] = [x[1], w[0]] as [number, number];
  const full = (count: number): boolean => 2 * count >= Math.ceil(count / block) * block;
  if (!full(filters)) return undefined;
  if (group > 1) {
    // A kernel of one point is bound by memory alone: reordering would cost more than it brings.
    const points = (w[2] as number) * (w[3] as number);
    return group === channels && group === filters && points > 1 ? 'depthwise' : undefined;
  }
  if (channels <= PLAIN_CHANNELS) return 'plain input';
  return full(channels) ? 'dense' : undefined;
}

/** As {@link fitOf}, of a node. Weights that are constants are left to the runtime. */
export function fitOfConvolution(node: AnyNode, block: number | undefined): Fit | undefined {
  if (node.type !== 'Conv') return undefined;
  const [x, w] = node.inputs as [Value, Value];
  if (x.type !== 'float32' || w.constant !== undefined) return undefined;
  return fitOf(x.shape, w.shape, node.attributes, block);
}

interface Convolved {
  /** [N, O', H', W'] in blocks, less the shift */
  readonly result: Value;
  /** [O'] */
  readonly shift?: Value;
}

/**
 * x [N, C, H, W], w [O, C / group, kH, kW], bias [O] -> [N, O', H', W'] in blocks
 * @param shifted whether to take from every channel of the result about its mean, which costs nothing: as a bias
 */
export function blockedConvolution(
  build: Build,
  values: LoweredValues,
  { inputs, attributes }: Node<'Conv'>,
  fit: Fit,
  shifted: boolean,
): Convolved {
  const [x, w, bias] = inputs as readonly [Value, Value, Value | undefined];
  const kernel =
    fit === 'depthwise'
      ? depthwiseKernel(build, values, values.plain(w))
      : forwardKernel(build, values, values.plain(w), fit === 'plain input');
  const picture = fit === 'plain input' ? values.plain(x) : values.blocked(x);
  const window = { ...attributes, ...(fit === 'depthwise' && { group: sizesOf(kernel)[0]! }) };
  const part = shifted && bias === undefined ? middle(build, values, x, window, fit) : undefined;
  if (part !== undefined) {
    const { kernel_shape, strides, dilations, group } = window;
    const unpadded = {
      kernel_shape,
      ...(strides && { strides }),
      ...(dilations && { dilations }),
      ...(group && { group }),
    };
    const shift = channelMean(build, build.graph.op('NchwcConv', [part, kernel], unpadded));
    return { result: build.graph.op('NchwcConv', [picture, kernel, build.neg(shift)], window), shift };
  }
  const operands = [picture, kernel, ...(bias === undefined ? [] : [values.padded(values.plain(bias), 0)])];
  return { result: build.graph.op('NchwcConv', operands, window) };
}

/** Places of a result along each axis that its mean is guessed from. */
const PLACES = 4;

/** What the convolution reads of the first picture for a few places in its middle; undefined where it is too small. */
function middle(build: Build, values: LoweredValues, x: Value, attributes: Node<'Conv'>['attributes'], fit: Fit) {
  const [, channels, ...sizes] = sizesOf(x) as [number, number, number, number];
  const { strides, ...window } = geometryOf(attributes, [0, 0, ...sizes], [0, 0, ...sizes]);
  const reach = reachOf({ strides, ...window });
  if (sizes.some((size, axis) => size < reach[axis]!)) return undefined;
  const counts = sizes.map((size, axis) => {
    const places = Math.min(PLACES, Math.floor((size - reach[axis]!) / strides[axis]!) + 1);
    return (places - 1) * strides[axis]! + reach[axis]!;
  });
  const firsts = sizes.map((size, axis) => Math.floor((size - counts[axis]!) / 2));
  const take = (seen: Value): Value => build.slice(seen, [0, 2, 3], [0, ...firsts], [1, ...counts], [1, 1, 1]);
  if (fit === 'plain input') return take(values.plain(x));
  const [blocked, block] = [values.blocked(x), values.block!];
  const filled = values.channelsOf(channels);
  const seen = build.reshape(blocked, [sizesOf(x)[0]!, filled / block, ...sizes, block]);
  return build.reshape(take(seen), [1, filled, ...counts]);
}
