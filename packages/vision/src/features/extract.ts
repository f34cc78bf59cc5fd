/** @file Embeddings of every photo from a backbone that is not trained, computed once and kept on disk. */
import { BusanaError, type TrainingConfig } from '@busana/contracts';
import { compileForward, Random, tensor, type Forward, type TensorMap } from '@busana/engine';
import type { PhotoStore } from '../batches/photo-store.ts';
import { augment } from '../image/augment/apply.ts';
import type { AugmentationPolicy } from '../image/augment/policy.ts';
import { classifierOptions, embed } from '../models/classifier.ts';
import { FeatureCache, hashOf } from './cache.ts';

export interface ExtractOptions {
  readonly config: TrainingConfig;
  readonly store: PhotoStore;
  readonly policy: AugmentationPolicy;
  /** Parameters of the backbone. */
  readonly backbone: TensorMap;
  /** Folder in which embeddings are kept between runs. */
  readonly cache: string;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** Embeddings by photo and view. View 0 is the photo as it is. */
export interface Features {
  /** Numbers per embedding. */
  readonly width: number;
  readonly views: number;
  readonly read: (photo: number, view: number) => Float32Array;
}

/** The photo, its mirror image, and a few draws of the policy. */
const VIEWS = 4;

/** @throws BusanaError INTERRUPTED, OUTPUT_UNWRITABLE */
export async function extractFeatures(options: ExtractOptions): Promise<Features> {
  const { config, store, policy, backbone, onProgress, signal } = options;
  const views = policy.length === 0 ? 1 : VIEWS;
  const { architecture, imageSize, normalisation, attention } = classifierOptions(config);
  const settings = { architecture: architecture.name, imageSize, normalisation, attention, policy, views };
  const cache = await FeatureCache.open(options.cache, [JSON.stringify(settings), ...parts(backbone)]);
  const photos = new Array<Float32Array>(store.count);
  let done = 0;
  let forward: Forward | undefined;
  try {
    for (let photo = 0; photo < store.count; photo += 1) {
      if (signal?.aborted === true) throw new BusanaError('INTERRUPTED', 'stopped while computing embeddings');
      const hash = hashOf([store.picture(photo)]);
      photos[photo] = (await cache.read(hash)) ?? (await compute(photo, hash));
      done += 1;
      onProgress?.(done, store.count);
    }
  } finally {
    await forward?.release();
  }
  const width = photos[0]!.length / views;
  return { width, views, read: (photo, view) => photos[photo]!.subarray(view * width, (view + 1) * width) };

  async function compute(photo: number, hash: string): Promise<Float32Array> {
    forward ??= await compileBackbone(config, backbone);
    const images = viewsOf(store.picture(photo), { size: imageSize, views, policy, hash });
    const outputs = await forward.run({ image: tensor('uint8', [views, imageSize, imageSize, 3], images) });
    const embeddings = Float32Array.from(outputs['embedding']!.data as Float32Array);
    await cache.write(hash, embeddings);
    return embeddings;
  }
}

function compileBackbone(config: TrainingConfig, parameters: TensorMap): Promise<Forward> {
  const options = classifierOptions(config);
  return compileForward({
    build(network) {
      const image = network.graph.input('image', 'uint8', ['N', options.imageSize, options.imageSize, 3]);
      return { embedding: embed(network, image, options) };
    },
    parameters,
    session: config.threads === 0 ? {} : { threads: config.threads },
  });
}

/** uint8 `[views, size, size, 3]` */
function viewsOf(
  data: Uint8Array,
  { size, views, policy, hash }: { size: number; views: number; policy: AugmentationPolicy; hash: string },
): Uint8Array {
  const picture = { width: size, height: size, data };
  const images = new Uint8Array(views * data.length);
  images.set(data);
  for (let view = 1; view < views; view += 1) {
    // The second view is the mirror image, where the policy allows it.
    const mirror = policy.filter(({ transform }) => transform === 'flip').map((flip) => ({ ...flip, probability: 1 }));
    const drawn = view === 1 && mirror.length > 0 ? mirror : policy;
    images.set(augment(picture, drawn, Random.of('view', hash, view)).data, view * data.length);
  }
  return images;
}

function parts(backbone: TensorMap): Uint8Array[] {
  return [...backbone.values()].map(({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}
