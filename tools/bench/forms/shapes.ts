/** @file The shapes of weight gradients that the networks of the benchmark have. */
import { Graph, Network, type AnyNode, type Value } from '@busana/engine';
import { fitOf } from '../../../packages/engine/src/lowering/blocked/convolution.ts';
import {
  formsOf,
  nameOfShape,
  type WeightGradientShape,
} from '../../../packages/engine/src/lowering/blocked/weight-gradient-forms.ts';
import { shapeOf } from '../../../packages/engine/src/lowering/blocked/weight-gradient.ts';
import { geometryOf } from '../../../packages/engine/src/rules/convolution/window.ts';
import { cases } from '../cases.ts';
import { build } from '../ours.ts';

/** Edge of the photos, as the benchmark has it. */
const IMAGE_SIZE = 224;

/** Each once, those that have but one form left out. */
export function shapesOfZoo(block: number): WeightGradientShape[] {
  const byName = new Map<string, WeightGradientShape>();
  for (const { kind, model, batch, optimizer } of cases) {
    if (kind !== 'train' || optimizer !== 'sgd') continue;
    const network = new Network(new Graph(), { training: true });
    build(network, { model, batch, imageSize: IMAGE_SIZE });
    for (const node of network.graph.nodes) {
      const shape = shapeOfNode(node, block);
      if (shape !== undefined && formsOf(shape, block).length > 1) byName.set(nameOfShape(shape), shape);
    }
  }
  return [...byName.values()];
}

function shapeOfNode(node: AnyNode, block: number): WeightGradientShape | undefined {
  if (node.type !== 'Conv') return undefined;
  const [x, w] = node.inputs as readonly [Value, Value];
  const y = node.outputs[0]!;
  const fit = fitOf(x.shape, w.shape, node.attributes, block);
  if (fit === undefined || fit === 'depthwise') return undefined;
  return shapeOf(x, y, geometryOf(node.attributes, x.shape as number[], y.shape as number[]));
}
