/**
 * @file Convolutions in the runtime's blocked layout, where one instruction works on neighbouring channels. The runtime
 * rewrites a graph so by itself where weights are constants; in training they are inputs.
 */
import type { AnyNode, Node, Shape, Value } from '../../graph/value.ts';
import { sizesOf, type Build } from '../../rules/build.ts';
import type { LoweredValues } from '../values.ts';
import { depthwiseKernel, forwardKernel } from './kernels.ts';

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

/** x [N, C, H, W], w [O, C / group, kH, kW], bias [O] -> [N, O', H', W'] in blocks */
export function blockedConvolution(
  build: Build,
  values: LoweredValues,
  { inputs, attributes }: Node<'Conv'>,
  fit: Fit,
) {
  const [x, w, bias] = inputs as readonly [Value, Value, Value | undefined];
  const kernel =
    fit === 'depthwise'
      ? depthwiseKernel(build, values, values.plain(w))
      : forwardKernel(build, values, values.plain(w), fit === 'plain input');
  const picture = fit === 'plain input' ? values.plain(x) : values.blocked(x);
  const operands = [picture, kernel, ...(bias === undefined ? [] : [values.padded(values.plain(bias), 0)])];
  const group = fit === 'depthwise' ? { group: sizesOf(kernel)[0]! } : {};
  return build.graph.op('NchwcConv', operands, { ...attributes, ...group });
}
