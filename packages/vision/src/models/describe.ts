import { Graph, Network, parameterCount } from '@busana/engine';
import type { Architecture } from './definition.ts';
import { architectures } from './registry.ts';

export interface ArchitectureDescription extends Pick<
  Architecture,
  'name' | 'description' | 'source' | 'defaultImageSize'
> {
  /** Trainable numbers, without heads, at the default input. */
  readonly parameters: number;
}

/** What there is to choose from, with figures counted from the graphs themselves. */
export function describeArchitectures(): ArchitectureDescription[] {
  return architectures.map(({ name, description, source, defaultImageSize, backbone }) => {
    const graph = new Graph();
    const network = new Network(graph, { training: false });
    const x = graph.input('x', 'float32', [1, 3, defaultImageSize, defaultImageSize]);
    backbone(network, x, { imageSize: defaultImageSize, dropout: 0 });
    return { name, description, source, defaultImageSize, parameters: parameterCount(network.specs) };
  });
}
