import { trainingConfigSchema, type TrainingConfig } from '@busana/contracts';
import { Graph, Network, parameterCount, type ParameterSpec } from '@busana/engine';
import type { ApproachPlan, Head } from '../train/approach.ts';
import { classifierOptions, classify, embed } from './classifier.ts';
import { countMacs } from './cost.ts';
import type { Architecture } from './definition.ts';
import { architectures } from './registry.ts';

export interface ArchitectureDescription extends Pick<
  Architecture,
  'name' | 'description' | 'source' | 'weightsLicence' | 'defaultImageSize' | 'normalise'
> {
  /** Trainable numbers, without heads, at the default input. */
  readonly parameters: number;
  /** Multiply-accumulate operations per photo, without heads, at the default input. */
  readonly macs: number;
}

/** What there is to choose from, with figures counted from the graphs themselves. */
export function describeArchitectures(): ArchitectureDescription[] {
  return architectures.map(({ name, description, source, weightsLicence, defaultImageSize, normalise }) => {
    const { specs, graph } = emptyNetwork(trainingConfigSchema.parse({ model: name, imageSize: defaultImageSize }), []);
    return {
      name,
      description,
      source,
      ...(weightsLicence !== undefined && { weightsLicence }),
      defaultImageSize,
      normalise,
      parameters: parameterCount(specs),
      macs: countMacs(graph),
    };
  });
}

/** Trainable numbers of all networks of an approach, heads included. */
export function countParameters(config: TrainingConfig, { networks }: ApproachPlan): number {
  return networks.reduce((sum, { heads }) => sum + parameterCount(emptyNetwork(config, heads).specs), 0);
}

/** Parameters of the backbone, without heads. */
export function backboneSpecs(config: TrainingConfig): readonly ParameterSpec[] {
  return emptyNetwork({ ...config, neck: 'none' }, []).specs;
}

/** Numbers per embedding of the backbone. */
export function embeddingWidth(config: TrainingConfig): number {
  const graph = new Graph();
  const image = graph.input('image', 'uint8', [1, config.imageSize, config.imageSize, 3]);
  return Number(embed(new Network(graph, { training: false }), image, classifierOptions(config)).shape[1]);
}

function emptyNetwork(config: TrainingConfig, heads: readonly Head[]): Network {
  const graph = new Graph();
  const network = new Network(graph, { training: false });
  const image = graph.input('image', 'uint8', [1, config.imageSize, config.imageSize, 3]);
  classify(network, image, heads, classifierOptions(config));
  return network;
}
