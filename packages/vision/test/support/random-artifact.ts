/** @file Model files of real architectures with random weights, made in a moment. */
import { trainingConfigSchema, type ArtifactMetadata, type TrainingConfig } from '@busana/contracts';
import { Graph, initialise, Network, Random, type TensorMap } from '@busana/engine';
import { buildArtifact } from '../../src/artifact/build.ts';
import { classifierOptions, classify } from '../../src/models/classifier.ts';
import { garments } from '../../src/taxonomy/builtin.ts';
import { planApproach } from '../../src/train/approach.ts';
import { openModel } from '../../src/artifact/model.ts';
import type { Pictures } from '../../src/export/agreement.ts';

export interface RandomArtifact {
  readonly bytes: Uint8Array;
  readonly metadata: ArtifactMetadata;
}

/**
 * Heads start so small that every photo gets the same answer: here they are scaled and shifted until the blobs below
 * get different ones.
 * @param change of the weights by their names, e.g. to spoil some
 */
export async function randomArtifact(
  settings: Partial<TrainingConfig>,
  change: (name: string, values: Float32Array) => void = () => undefined,
): Promise<RandomArtifact> {
  const config = trainingConfigSchema.parse(settings);
  const { imageSize } = config;
  const parameters = randomParameters(config);
  for (const [weight, { data }] of parameters) if (data instanceof Float32Array) change(weight, data);
  const model = await openModel(await build(config, parameters), 'random.onnx');
  const { embedding } = await model.answer([await blobs(imageSize).read(photos)], photos.length);
  await model.release();
  for (const { name } of garments.attributes) {
    const [weight, bias] = [parameters.get(`heads.${name}.weight`)!, parameters.get(`heads.${name}.bias`)!];
    spread(weight.data as Float32Array, bias.data as Float32Array, embedding!);
  }
  const bytes = await build(config, parameters);
  const { metadata, release } = await openModel(bytes, 'random.onnx');
  await release();
  return { bytes, metadata };
}

const photos = Array.from({ length: 16 }, (_, index) => index);

/** Makes the logits of every class have mean 0 and deviation 1/2 over the photos. Embeddings are `[photos, width]`. */
function spread(weights: Float32Array, bias: Float32Array, embeddings: Float32Array): void {
  const width = embeddings.length / photos.length;
  bias.forEach((_, label) => {
    const row = weights.subarray(label * width, (label + 1) * width);
    const logits = photos.map((photo) =>
      row.reduce((sum, weight, at) => sum + weight * embeddings[photo * width + at]!, 0),
    );
    const mean = logits.reduce((sum, x) => sum + x, 0) / photos.length;
    const deviation = Math.sqrt(logits.reduce((sum, x) => sum + (x - mean) ** 2, 0) / photos.length);
    row.forEach((weight, at) => (row[at] = weight / 2 / deviation));
    bias[label] = -mean / 2 / deviation;
  });
}

function randomParameters(config: TrainingConfig): TensorMap {
  const described = new Network(new Graph(), { training: false });
  const { imageSize } = config;
  const image = described.graph.input('image', 'uint8', ['N', imageSize, imageSize, 3]);
  classify(described, image, plan.networks[0]!.heads, classifierOptions(config));
  return initialise(described.specs, 1);
}

const plan = planApproach('multi-output', garments);

function build(config: TrainingConfig, parameters: TensorMap): Promise<Uint8Array> {
  return buildArtifact({
    plan,
    config,
    taxonomy: garments,
    parameters: new Map([[plan.networks[0]!.name, parameters]]),
    temperatures: garments.attributes.map(() => 1),
    thresholds: { accept: 0.9 },
    provenance: {
      name: 'random',
      architecture: config.model,
      approach: 'multi-output',
      data_fingerprint: 'none',
      photos: 0,
      seed: 1,
      epochs: 1,
      created_by: 'a test',
    },
  });
}

/** Pictures of soft random blobs, the same for the same position. */
export function blobs(size: number): Pictures {
  const draw = (position: number): Uint8Array => {
    const random = Random.of('blobs', position);
    const waves = Array.from({ length: 3 }, () => [random.uniform(1, 6), random.uniform(1, 6), random.uniform(0, 6)]);
    return Uint8Array.from({ length: size * size * 3 }, (_, at) => {
      const [across, down, phase] = waves[at % 3] as [number, number, number];
      const pixel = Math.floor(at / 3);
      const angle = (across * (pixel % size) + down * Math.floor(pixel / size)) / size;
      return 127 + 120 * Math.sin(angle * 2 + phase);
    });
  };
  return {
    read: (indices) => {
      const pictures = new Uint8Array(indices.length * size * size * 3);
      indices.forEach((index, at) => pictures.set(draw(index), at * size * size * 3));
      return Promise.resolve(pictures);
    },
  };
}
