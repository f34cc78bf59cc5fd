/** @file Writes the model file: photos in, calibrated probabilities per attribute and an embedding out. */
import {
  ARTIFACT_VERSION,
  type ArtifactMetadata,
  type Familiarity,
  type Provenance,
  type Taxonomy,
  type Thresholds,
  type TrainingConfig,
} from '@busana/contracts';
import { createSession, encodeModel, Graph, Network, type TensorMap, type Value } from '@busana/engine';
import { classifierOptions, classify, whenPredicting } from '../models/classifier.ts';
import { sessionOptions } from '../engine-options.ts';
import type { ApproachPlan } from '../train/approach.ts';
import { makeGolden, sessionAnswer } from './golden.ts';

export interface ArtifactContent {
  readonly plan: ApproachPlan;
  readonly config: TrainingConfig;
  readonly taxonomy: Taxonomy;
  /** Parameters of each network, by the network's name. */
  readonly parameters: ReadonlyMap<string, TensorMap>;
  /** Temperature of each head, in the order of the plan's networks. */
  readonly temperatures: readonly number[];
  readonly thresholds: Thresholds;
  readonly provenance: Provenance;
  /** Left out where there were too few photos. */
  readonly familiarity?: Familiarity | undefined;
}

/** The bytes of a `.onnx` file that any ONNX runtime opens, with everything needed to use it rightly inside. */
export async function buildArtifact(content: ArtifactContent): Promise<Uint8Array> {
  const { taxonomy, thresholds, provenance, familiarity } = content;
  const config = whenPredicting(content.config);
  const graph = artifactGraph({ ...content, config });
  // Other machines check their answers against these: they are the processor's, whatever the training ran on.
  const session = await createSession(graph, sessionOptions({ threads: config.threads }));
  try {
    const golden = await makeGolden(config.imageSize, sessionAnswer(session, config.imageSize));
    const entries: ArtifactMetadata = {
      'busana.version': ARTIFACT_VERSION,
      'busana.schema': taxonomy,
      'busana.preprocess': { size: config.imageSize, resize: 'bicubic-antialiased', crop: 'none' },
      'busana.thresholds': thresholds,
      'busana.golden': golden,
      'busana.provenance': provenance,
      ...(familiarity && { 'busana.familiarity': familiarity }),
    };
    const metadata = Object.entries(entries).map(([name, value]) => [name, JSON.stringify(value)] as const);
    return encodeModel(graph, { metadata: Object.fromEntries(metadata), producer: 'busana' });
  } finally {
    await session.release();
  }
}

/** image uint8 `[N, size, size, 3]` -> per attribute float32 `[N, classes]`, `embedding` float32 `[N, D]`. */
export function artifactGraph({
  plan,
  config,
  taxonomy,
  parameters,
  temperatures,
}: Pick<ArtifactContent, 'plan' | 'config' | 'taxonomy' | 'parameters' | 'temperatures'>): Graph {
  const graph = new Graph();
  const options = classifierOptions(config);
  const image = graph.input('image', 'uint8', ['N', options.imageSize, options.imageSize, 3]);
  const embeddings: Value[] = [];
  const probabilities: Value[] = [];
  for (const { name, heads } of plan.networks) {
    const network = new Network(graph, {
      training: false,
      parameters: parameters.get(name) ?? new Map(),
      prefix: plan.networks.length > 1 ? `${name}.` : '',
    });
    const { embedding, logits } = classify(network, image, heads, options);
    embeddings.push(embedding);
    for (const head of logits) probabilities.push(calibrated(graph, head, temperatures[probabilities.length] ?? 1));
  }
  const perAttribute = plan.approach === 'combined' ? marginals(graph, probabilities[0]!, plan.classes) : probabilities;
  taxonomy.attributes.forEach(({ name }, index) => graph.output(perAttribute[index]!, name));
  const embedding = embeddings.length === 1 ? embeddings[0]! : graph.op('Concat', embeddings, { axis: 1 });
  graph.output(embedding, 'embedding');
  return graph;
}

/** softmax(logits / T) */
function calibrated(graph: Graph, logits: Value, temperature: number): Value {
  const scaled = temperature === 1 ? logits : graph.op('Mul', [logits, graph.scalar(1 / temperature)]);
  return graph.op('Softmax', [scaled], { axis: -1 });
}

/** Probabilities over combinations -> per attribute, the sum over all combinations with that value. */
function marginals(graph: Graph, joint: Value, classes: readonly number[]): Value[] {
  const table = graph.op('Reshape', [joint, graph.integers([0, ...classes])]);
  return classes.map((_, attribute) => {
    const others = classes.map((_, axis) => axis + 1).filter((axis) => axis !== attribute + 1);
    return others.length === 0 ? joint : graph.op('ReduceSum', [table, graph.integers(others)], { keepdims: 0 });
  });
}
