/** @file Which network tells photos apart, and what it says of them. */
import {
  BusanaError,
  preprocessSchema,
  provenanceSchema,
  trainingConfigSchema,
  type AnalysisBackbone,
  type TrainingConfig,
} from '@busana/contracts';
import { decodeMetadata } from '@busana/engine';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { shippedModel } from '../artifact/shipped.ts';
import { PhotoStore } from '../batches/photo-store.ts';
import type { Photo } from '../data/dataset.ts';
import type { TrainingInputs } from '../train/inputs.ts';
import { architectureNamed } from '../models/registry.ts';
import { frozenInputs } from '../train/prepare-inputs.ts';

export interface BackboneRequest {
  /** Architecture of the weights; default that of the shipped model. */
  readonly model?: string;
  /** Pretrained weights, a file or a name of `busana weights list`; default the shipped model. */
  readonly weights?: string;
  /** Side of the square pictures that the weights are asked about, in pixels; default that of the architecture. */
  readonly imageSize?: number;
}

export interface Backbone {
  readonly config: TrainingConfig;
  readonly description: AnalysisBackbone;
  /** Fingerprint of the labelled photos that it learnt from, where that is known. */
  readonly learntFrom?: string;
}

/**
 * The backbone asked for, else that of the shipped model.
 * @returns undefined when nothing was asked for and no model is installed
 * @throws BusanaError CONFIG_INVALID for an architecture that there is not; USAGE for one without weights
 */
export async function chooseBackbone(request: BackboneRequest, threads: number): Promise<Backbone | undefined> {
  const { weights } = request;
  if (weights !== undefined) {
    const { name, defaultImageSize } = architectureNamed(request.model ?? 'efficientnet_lite0');
    return describe(name, { weights, imageSize: request.imageSize ?? defaultImageSize, threads });
  }
  if (request.model !== undefined || request.imageSize !== undefined) {
    throw new BusanaError('USAGE', 'the architecture or its image size is given, but no weights', {
      remedy: 'Name them too with --weights.',
    });
  }
  const shipped = await shippedModel();
  if (shipped === undefined) return undefined;
  const entries = decodeMetadata(await readFile(shipped));
  const parse = (name: string): unknown => JSON.parse(entries[name] ?? 'null');
  const provenance = provenanceSchema.parse(parse('busana.provenance'));
  const preprocess = preprocessSchema.parse(parse('busana.preprocess'));
  const { architecture, data_fingerprint: learntFrom } = provenance;
  return { ...describe(architecture, { weights: shipped, imageSize: preprocess.size, threads }), learntFrom };
}

function describe(model: string, settings: Pick<TrainingConfig, 'weights' | 'imageSize' | 'threads'>): Backbone {
  const config = trainingConfigSchema.parse({ model, ...settings, freeze: true, augment: 'none' });
  const { weights, imageSize } = settings;
  return { config, description: { architecture: model, weights: basename(weights), image_size: imageSize } };
}

export interface AskOptions {
  /** Folder of decoded photos, embeddings and weights kept between runs. */
  readonly cache: string;
  readonly onProgress: (step: string, done: number, total: number) => void;
  readonly onNotice: (message: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Embeddings of the photos as they are; decoded photos are let go again.
 * @throws BusanaError WEIGHTS_INVALID, INTERRUPTED, OUTPUT_UNWRITABLE
 */
export async function askBackbone(
  { config }: Backbone,
  photos: readonly Photo[],
  { cache, onProgress, onNotice, signal }: AskOptions,
): Promise<TrainingInputs> {
  const store = await PhotoStore.create(photos, {
    size: config.imageSize,
    cache,
    onNotice,
    onProgress: (done, total) => onProgress('decoding photos', done, total),
    ...(signal && { signal }),
  });
  try {
    return await frozenInputs(config, {
      store,
      policy: [],
      cache,
      emit: (event) => {
        if (event.type === 'notice') onNotice(event.message);
        if (event.type === 'prepare') onProgress('computing embeddings', event.done, event.total);
      },
      ...(signal && { signal }),
    });
  } finally {
    await store.release();
  }
}
