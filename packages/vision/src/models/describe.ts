import { Graph, Network, parameterCount } from '@busana/engine';
import { normalisations } from '../image/tensor.ts';
import type { ApproachPlan, Head } from '../train/approach.ts';
import { classify } from './classifier.ts';
import type { Architecture } from './definition.ts';
import { architectureNamed, architectures } from './registry.ts';

export interface ArchitectureDescription extends Pick<
  Architecture,
  'name' | 'description' | 'source' | 'defaultImageSize'
> {
  /** Trainable numbers, without heads, at the default input. */
  readonly parameters: number;
}

/** What there is to choose from, with figures counted from the graphs themselves. */
export function describeArchitectures(): ArchitectureDescription[] {
  return architectures.map((architecture) => {
    const { name, description, source, defaultImageSize } = architecture;
    const parameters = countNetwork(architecture, [], defaultImageSize);
    return { name, description, source, defaultImageSize, parameters };
  });
}

/** Trainable numbers of all networks of an approach, heads included. */
export function countParameters(model: string, { networks }: ApproachPlan, imageSize: number): number {
  return networks.reduce((sum, { heads }) => sum + countNetwork(architectureNamed(model), heads, imageSize), 0);
}

function countNetwork(architecture: Architecture, heads: readonly Head[], imageSize: number): number {
  const graph = new Graph();
  const network = new Network(graph, { training: false });
  const image = graph.input('image', 'uint8', [1, imageSize, imageSize, 3]);
  classify(network, image, {
    architecture,
    heads,
    imageSize,
    normalisation: normalisations['zero-one'],
    dropout: 0,
  });
  return parameterCount(network.specs);
}
