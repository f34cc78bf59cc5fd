/** @file Embeddings of every photo from a backbone that is not trained, computed once and kept on disk. */
import { BusanaError, type TrainingConfig } from '@busana/contracts';
import { compileForward, Random, tensor, type Forward, type TensorMap } from '@busana/engine';
import { join } from 'node:path';
import type { PhotoStore } from '../batches/photo-store.ts';
import { augment } from '../image/augment/apply.ts';
import type { AugmentationPolicy } from '../image/augment/policy.ts';
import { classifierOptions, embed } from '../models/classifier.ts';
import { hashOf } from '../hash.ts';
import { embeddingWidth } from '../models/describe.ts';
import { RecordCache } from '../records/record-cache.ts';
import { readRecord } from '../records/segment.ts';

export interface ExtractOptions {
  readonly config: TrainingConfig;
  readonly store: PhotoStore;
  readonly policy: AugmentationPolicy;
  /** Parameters of the backbone. */
  readonly backbone: TensorMap;
  /** Folder in which embeddings are kept between runs. */
  readonly cache: string;
  readonly onProgress?: (done: number, total: number) => void;
  /** Told when the cache cannot be used. */
  readonly onNotice?: (message: string) => void;
  readonly signal?: AbortSignal;
}

/** Embeddings by photo and view, on disk. View 0 is the photo as it is. */
export interface Features {
  /** Numbers per embedding. */
  readonly width: number;
  readonly views: number;
  /** Valid until the next is read. @throws BusanaError OUTPUT_UNWRITABLE when the disk has changed it */
  readonly read: (photo: number, view: number) => Float32Array;
  readonly release: () => Promise<void>;
}

/** The photo, its mirror image, and a few draws of the policy. */
const VIEWS = 4;

/** @throws BusanaError INTERRUPTED, OUTPUT_UNWRITABLE */
export async function extractFeatures(options: ExtractOptions): Promise<Features> {
  const { config, store, policy, backbone, onProgress, onNotice, signal } = options;
  const views = policy.length === 0 ? 1 : VIEWS;
  const { architecture, imageSize, normalisation, attention } = classifierOptions(config);
  const settings = { architecture: architecture.name, imageSize, normalisation, attention, policy, views };
  const width = embeddingWidth(config);
  const record = new Float32Array(views * width);
  const bytes = new Uint8Array(record.buffer);
  const goOn = (): void => {
    if (signal?.aborted === true) throw new BusanaError('INTERRUPTED', 'stopped while computing embeddings');
  };
  const picture = new Uint8Array(imageSize * imageSize * 3);
  const keys: string[] = [];
  for (let photo = 0; photo < store.count; photo += 1) {
    goOn();
    keys.push(hashOf([await store.read([photo], picture)]));
  }
  const identity = hashOf([JSON.stringify(settings), ...parts(backbone)]).slice(0, 32);
  const records = await RecordCache.open(
    {
      folder: join(options.cache, identity),
      length: bytes.length,
      what: 'embeddings',
      ...(onNotice && { onNotice }),
    },
    keys,
  );
  let forward: Forward | undefined;
  try {
    for (const [photo, key] of keys.entries()) {
      goOn();
      const place = records.find(key);
      if (place === undefined || !readRecord(place, bytes)) await records.put(key, await compute(photo, key));
      onProgress?.(photo + 1, store.count);
    }
  } catch (error) {
    await records.release();
    throw error;
  } finally {
    await forward?.release();
  }
  return {
    width,
    views,
    read(photo, view) {
      if (!readRecord(records.find(keys[photo]!)!, bytes)) {
        throw new BusanaError('OUTPUT_UNWRITABLE', `the embeddings in ${options.cache} changed while in use`, {
          remedy: 'Run again: what is damaged is computed anew. If it stays so, check the disk.',
        });
      }
      return record.subarray(view * width, (view + 1) * width);
    },
    release: () => records.release(),
  };

  /** Bytes of float32 `[views, width]`. */
  async function compute(photo: number, hash: string): Promise<Uint8Array> {
    forward ??= await compileBackbone(config, backbone);
    const images = viewsOf(await store.read([photo], picture), { size: imageSize, views, policy, hash });
    const outputs = await forward.run({ image: tensor('uint8', [views, imageSize, imageSize, 3], images) });
    const { data } = outputs['embedding']!;
    return Uint8Array.from(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
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
