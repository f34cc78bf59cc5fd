/** @file What a network costs, counted from its graph. */
import type { Graph, Shape } from '@busana/engine';

/**
 * Multiply-accumulate operations of one run: convolutions and matrix products, as the published figures count them
 * (half the floating point operations). Named sizes count as 1, so a graph with a batch of `N` gives them per photo.
 */
export function countMacs(graph: Graph): number {
  let macs = 0;
  for (const { type, inputs, outputs } of graph.nodes) {
    const [first, second] = inputs;
    const output = outputs[0]!.shape;
    if (type === 'Conv') macs += volume(output) * volume(second!.shape.slice(1));
    if (type === 'MatMul' || type === 'Gemm') macs += volume(output) * volume(first!.shape.slice(-1));
  }
  return macs;
}

function volume(shape: Shape): number {
  return shape.reduce<number>((product, size) => product * (typeof size === 'number' ? size : 1), 1);
}
