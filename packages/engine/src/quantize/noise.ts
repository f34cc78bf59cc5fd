/** @file How much a layer's output suffers from integers, each layer by itself. */
import { GraphCopy } from '../graph/copy.ts';
import type { Graph } from '../graph/graph.ts';
import type { OperatorType } from '../graph/operators.ts';
import type { Node, Value } from '../graph/value.ts';
import { createSession } from '../runtime/session.ts';
import { activationScale, integerWeights, realWeights, type ActivationScale, type Range } from './integers.ts';
import type { IntegerLayer } from './layers.ts';
import type { Batches } from './observe.ts';

/**
 * Signal-to-quantization-noise ratio of every layer in decibels: 10 log10(sum y^2 / sum (y - y')^2), where y' is the
 * output with weights and input of this layer alone rounded to 8 bits. One graph computes both for all layers at once.
 * @param ranges of the layers' inputs, by name
 * @returns by the layer's name; Infinity where nothing is lost
 */
export async function layerNoise(
  graph: Graph,
  layers: readonly IntegerLayer[],
  ranges: ReadonlyMap<string, Range>,
  batches: Batches,
  options: { readonly threads?: number } = {},
): Promise<ReadonlyMap<string, number>> {
  const copy = new GraphCopy(graph);
  for (const node of graph.nodes) copy.node(node);
  for (const layer of layers) {
    const scale = activationScale(ranges.get(layer.input.name)!);
    copy.graph.within(`${layer.node.name}:noise`, () => measure(copy, layer, scale));
  }
  const sums = layers.map(() => ({ signal: 0, noise: 0 }));
  const session = await createSession(copy.graph, options);
  try {
    for await (const feeds of batches) {
      const found = await session.run(feeds);
      layers.forEach(({ node }, index) => {
        sums[index]!.signal += Number(found[`${node.name}:signal`]!.data[0]);
        sums[index]!.noise += Number(found[`${node.name}:noise`]!.data[0]);
      });
    }
  } finally {
    await session.release();
  }
  return new Map(
    layers.map(({ name }, index) => {
      const { signal, noise } = sums[index]!;
      return [name, noise === 0 ? Infinity : 10 * Math.log10(signal / noise)];
    }),
  );
}

function measure(copy: GraphCopy, { node, input, weight, axis }: IntegerLayer, scale: ActivationScale): void {
  const { graph } = copy;
  const rounded = graph.constant(realWeights(integerWeights(weight.constant, { axis })), `${weight.name}:rounded`);
  const y = copy.of(node.outputs[0]!);
  const [, , ...rest] = node.inputs.map((value) => value && copy.of(value));
  const other = again(graph, node, [roundActivation(graph, copy.of(input), scale), rounded, ...rest]);
  graph.output(graph.op('ReduceSumSquare', [y], { keepdims: 0 }), `${node.name}:signal`);
  const difference = graph.op('Sub', [y, other]);
  graph.output(graph.op('ReduceSumSquare', [difference], { keepdims: 0 }), `${node.name}:noise`);
}

/** The same operator on other operands. */
function again<T extends OperatorType>(
  graph: Graph,
  { name, type, attributes }: Node<T>,
  inputs: readonly (Value | undefined)[],
): Value {
  const node = `${name}:rounded`;
  return graph.place({ node, outputs: [`${node}:out`] }, type, inputs, attributes)[0]!;
}

/** scale * (clip(round(x / scale) + zero, 0, 255) - zero) */
function roundActivation(graph: Graph, x: Value, { scale, zeroPoint }: ActivationScale): Value {
  const scaled = graph.op('Div', [x, graph.scalar(scale)]);
  const steps = graph.op('Floor', [graph.op('Add', [scaled, graph.scalar(zeroPoint + 0.5)])]);
  const clipped = graph.op('Clip', [steps, graph.scalar(0), graph.scalar(255)]);
  return graph.op('Mul', [graph.op('Sub', [clipped, graph.scalar(zeroPoint)]), graph.scalar(scale)]);
}
