import { BusanaError, type TrainingConfig } from '@busana/contracts';
import { normaliseImages, type Graph, type Network, type Value } from '@busana/engine';
import { normalisations, type Normalisation } from '../image/tensor.ts';
import type { Head } from '../train/approach.ts';
import type { Architecture, BackboneOptions } from './definition.ts';
import { putHeads, type HeadsOptions } from './heads.ts';
import { architectureNamed } from './registry.ts';

export interface ClassifierOptions extends BackboneOptions, HeadsOptions {
  readonly architecture: Architecture;
  readonly normalisation: Normalisation;
  /** Whether predictions average a photo and its mirror image. Training sees one of them at a time. */
  readonly mirror: boolean;
}

export interface Classifier {
  /** float32 `[N, D]`. */
  readonly embedding: Value;
  /** One per head, float32 `[N, classes]`. */
  readonly logits: readonly Value[];
}

/** What a configuration says about the network. @throws BusanaError CONFIG_INVALID */
export function classifierOptions(config: TrainingConfig): ClassifierOptions {
  const { model, imageSize, dropout, neck, stochasticDepth, attention, normalise, mirror } = config;
  const architecture = architectureNamed(model);
  if (attention !== 'none' && architecture.attention !== true) {
    throw new BusanaError('CONFIG_INVALID', `${architecture.name} takes no attention '${attention}'`, {
      remedy: 'Leave --attention out, or choose a ResNet.',
    });
  }
  const normalisation = normalisations[normalise === 'auto' ? architecture.normalise : normalise];
  return { architecture, normalisation, imageSize, dropout, neck, stochasticDepth, attention, mirror };
}

/**
 * The configuration of the finished network, whose input may be larger than in training: random crops enlarge what a
 * network is taught, and a larger input shows it things at the size it knows (Touvron et al. 2019, "Fixing the
 * train-test resolution discrepancy").
 */
export function whenPredicting(config: TrainingConfig): TrainingConfig {
  return config.predictSize === 0 ? config : { ...config, imageSize: config.predictSize, predictSize: 0 };
}

/** Photos -> normalised tensor -> backbone -> one linear head per output. @param image uint8 `[N, H, W, 3]` */
export function classify(
  network: Network,
  image: Value,
  heads: readonly Head[],
  options: ClassifierOptions,
): Classifier {
  if (!options.mirror || network.training) return classifyView(network, image, heads, options);
  const { graph } = network;
  const both = graph.op('Concat', [image, mirrored(graph, image, options.imageSize)], { axis: 0 });
  const { embedding, logits } = classifyView(network, both, heads, options);
  return { embedding: meanOfHalves(graph, embedding), logits: logits.map((head) => meanOfHalves(graph, head)) };
}

function classifyView(network: Network, image: Value, heads: readonly Head[], options: ClassifierOptions): Classifier {
  const embedding = embed(network, image, options);
  return { embedding, logits: putHeads(network, embedding, heads, options) };
}

/** Left and right exchanged. @param image uint8 `[N, H, W, 3]` */
function mirrored(graph: Graph, image: Value, width: number): Value {
  const [last, beforeFirst] = [graph.integers([-1]), graph.integers([-width - 1])];
  return graph.op('Slice', [image, last, beforeFirst, graph.integers([2]), graph.integers([-1])]);
}

/** `[2 * N, D]` -> `[N, D]`: row n averaged with row N + n. */
function meanOfHalves(graph: Graph, rows: Value): Value {
  const halves = graph.op('Reshape', [rows, graph.integers([2, -1, Number(rows.shape[1])])]);
  return graph.op('ReduceMean', [halves, graph.integers([0])], { keepdims: 0 });
}

/** Photos -> embedding, float32 `[N, D]`. @param image uint8 `[N, H, W, 3]` */
export function embed(network: Network, image: Value, options: ClassifierOptions): Value {
  const x = normaliseImages(network, image, options.normalisation);
  return options.architecture.backbone(network, x, options);
}
