/** @file `busana export --format onnx-int8 | onnx-fp16`: a smaller file, and what it costs and gains. */
import { BusanaError, type Compression } from '@busana/contracts';
import { decodeModel, encodeHalves, foldConstants, type Calibration } from '@busana/engine';
import { readFile } from 'node:fs/promises';
import { loadModel, openModel, type Model } from '../artifact/model.ts';
import { PhotoStore } from '../batches/photo-store.ts';
import type { DatasetOptions } from '../data/open-one.ts';
import { sessionOptions } from '../engine-options.ts';
import { limitDecoding } from '../image/decode.ts';
import { writeOutput } from '../output/write.ts';
import { readProcessor, type Processor } from '../processor.ts';
import type { Agreement } from './agreement.ts';
import { compareForms } from './compare-forms.ts';
import { hashOf } from '../hash.ts';
import { compressedArtifact } from './compressed.ts';
import { exportPhotos, splitPhotos, type ExportPhotos } from './photos.ts';
import { DEFAULT_CALIBRATION, quantizeArtifact } from './quantize-artifact.ts';
import type { Speed } from './speed.ts';

export interface CompressRequest {
  readonly format: Compression['format'];
  readonly out: string;
  /** Photos to calibrate (int8) and to measure on; default: those of the run folder. */
  readonly data?: DatasetOptions;
  /** How the ranges of activations are found; default {@link DEFAULT_CALIBRATION}. */
  readonly calibration?: Calibration;
  /** Photos to calibrate on; default 200. */
  readonly calibrationPhotos?: number;
  /** Chooses the photos; default 0. */
  readonly seed?: number;
  /** Threads of the engine and of the decoder; 0 (default): every core. */
  readonly threads?: number;
  readonly onProgress?: (what: string, done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

export interface CompressedExport {
  readonly file: string;
  readonly source: string;
  readonly format: Compression['format'];
  readonly bytes: number;
  readonly bytes_before: number;
  readonly size_ratio: number;
  readonly calibration?: {
    readonly method: Calibration['method'];
    readonly percent?: number;
    readonly photos: number;
    readonly seed: number;
    readonly shared: boolean;
    readonly layers: number;
    readonly float_layers: readonly string[];
  };
  /** Undefined without photos. */
  readonly agreement?: Agreement;
  readonly speed: Speed;
  readonly processor: Processor;
}

/** Photos measured on at most: what differs by less than 0.1 points of EMR is not seen with more either. */
const MEASURED = 1000;

/**
 * @param path a model file or a run folder
 * @throws BusanaError MODEL_NOT_FOUND, MODEL_INVALID, CONFIG_INVALID for a model that is compressed already; USAGE for
 * int8 without photos; for the data; OUTPUT_UNWRITABLE, INTERRUPTED
 */
export async function compressModel(path: string, request: CompressRequest): Promise<CompressedExport> {
  const { threads = 0 } = request;
  limitDecoding(threads);
  const original = await loadModel(path, { threads });
  try {
    const { compression } = original.metadata['busana.provenance'];
    if (compression !== undefined) {
      throw new BusanaError('CONFIG_INVALID', `${original.file} is compressed already (${compression.format})`, {
        remedy: 'Export the model it was made from.',
      });
    }
    const photos = await exportPhotos(path, original.metadata['busana.schema'], request.data);
    if (photos === undefined && request.format === 'onnx-int8') throw noPhotos(original.file);
    return await compress(original, photos, request);
  } finally {
    await original.release();
  }
}

async function compress(
  original: Model,
  photos: ExportPhotos | undefined,
  request: CompressRequest,
): Promise<CompressedExport> {
  const { format, out, seed = 0, calibrationPhotos = 200, threads = 0, onProgress, signal } = request;
  const { metadata } = original;
  const source = await readFile(original.file);
  const { size } = metadata['busana.preprocess'];
  const split = splitPhotos(photos?.photos.length ?? 0, calibrationPhotos, MEASURED, seed);
  const used = [...new Set([...split.calibration, ...split.evaluation])];
  const chosen = used.map((index) => photos!.photos[index]!);
  const pictures = await PhotoStore.create(chosen, {
    size,
    onProgress: (done, total) => onProgress?.('photos', done, total),
    ...(signal && { signal }),
  });
  const positions = new Map(used.map((index, position) => [index, position]));
  const positionsOf = (indices: readonly number[]): number[] => indices.map((index) => positions.get(index)!);
  const method = request.calibration ?? DEFAULT_CALIBRATION;
  const quantized =
    format === 'onnx-fp16'
      ? undefined
      : await quantizeArtifact({
          source,
          metadata,
          pictures,
          calibration: positionsOf(split.calibration),
          method,
          threads,
          onProgress: (done, total) => onProgress?.('calibration', done, total),
          ...(signal && { signal }),
        });
  const bytes = quantized?.bytes ?? (await halved(source, original, threads));
  // Proves that the file answers its golden picture before anyone can find it.
  const compressed = await openModel(bytes, out, { threads });
  try {
    const measured = await compareForms(original, compressed, {
      pictures,
      photos: positionsOf(split.evaluation),
      targets: photos?.targets && split.evaluation.map((index) => photos.targets![index]!),
      onProgress: (done, total) => onProgress?.('comparison', done, total),
    });
    await writeOutput(out, bytes);
    return {
      file: out,
      source: original.file,
      format,
      bytes: bytes.length,
      bytes_before: source.length,
      size_ratio: bytes.length / source.length,
      ...(quantized !== undefined && {
        calibration: {
          ...method,
          photos: split.calibration.length,
          seed,
          shared: split.shared,
          layers: quantized.layers,
          float_layers: quantized.floatLayers,
        },
      }),
      ...measured,
      processor: await readProcessor(),
    };
  } finally {
    await compressed.release();
    await pictures.release();
  }
}

function halved(source: Uint8Array, { metadata }: Model, threads: number): Promise<Uint8Array> {
  const graph = foldConstants(decodeModel(source).graph);
  const compression: Compression = { format: 'onnx-fp16', source_sha256: hashOf([source]) };
  return compressedArtifact(
    metadata,
    compression,
    (options) => encodeHalves(graph, options),
    sessionOptions({ threads }),
  );
}

function noPhotos(file: string): BusanaError {
  return new BusanaError('USAGE', `${file} needs photos to be calibrated for int8, and none are named`, {
    remedy:
      'Give --data with a few hundred photos like those the model will see, labelled or not; or give a run folder whose data are still there.',
  });
}
