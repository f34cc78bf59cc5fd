/** @file `busana evaluate`: a model's figures on labelled photos. */
import { BusanaError, type Metrics } from '@busana/contracts';
import { loadModels } from '../artifact/ensemble.ts';
import { openDataset } from '../data/open.ts';
import type { DatasetOptions } from '../data/open-one.ts';
import { expectDevice, type EngineOptions } from '../engine-options.ts';
import { computeMetrics } from '../evaluate/metrics.ts';
import { limitDecoding } from '../image/decode.ts';
import { RunFolder } from '../train/run-folder.ts';
import { heldOutCsv } from '../train/held-out.ts';
import { classifyPhotos } from './classify.ts';

export interface EvaluateRequest extends EngineOptions {
  /** Model files or run folders; the probabilities of several are averaged. */
  readonly models: readonly string[];
  /** Whether the mirrored photo counts as well. */
  readonly mirror?: boolean;
  readonly data: DatasetOptions;
  /** Folder for metrics and predictions. */
  readonly out?: string;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

export interface EvaluateResult {
  readonly metrics: Metrics;
  readonly summary: readonly string[];
}

/** @throws BusanaError DEVICE_UNAVAILABLE; for the model, the data, the output; DATA_INVALID when a photo cannot be read */
export async function evaluateModel(request: EvaluateRequest): Promise<EvaluateResult> {
  const { threads = 0, device = 'cpu', onProgress, signal, out, models, mirror = false } = request;
  await expectDevice(device);
  limitDecoding(threads);
  const model = await loadModels({ models, mirror, threads, device });
  try {
    const taxonomy = model.metadata['busana.schema'];
    const { photos } = await openDataset({ verifyImages: false, ...request.data, taxonomy });
    const probabilities = taxonomy.attributes.map(({ values }) => new Float32Array(photos.length * values.length));
    let row = 0;
    for await (const { image, status, reason, attributes } of classifyPhotos(model, photos, signal)) {
      if (status === 'error') throw new BusanaError('DATA_INVALID', `the photo ${image} cannot be read: ${reason}`);
      taxonomy.attributes.forEach(({ values }, index) => {
        const scores = values.map(({ code }) => attributes[index]!.probabilities[code]!);
        probabilities[index]!.set(scores, row * values.length);
      });
      row += 1;
      onProgress?.(row, photos.length);
    }
    const metrics = computeMetrics({ taxonomy, targets: photos.map(({ targets }) => targets), probabilities });
    if (out !== undefined) {
      const folder = await RunFolder.create(out, 'evaluation');
      const positions = photos.map((_, index) => index);
      const heldOut = {
        arm: model.metadata['busana.provenance'].name,
        photos: positions,
        folds: positions.map(() => 0),
        probabilities,
      };
      await folder.writeJson('metrics.json', metrics);
      await folder.write('predictions.csv', heldOutCsv([heldOut], photos, taxonomy));
    }
    const { emr } = metrics;
    const summary = [
      `EMR ${emr.value.toFixed(4)} (95 % interval ${emr.low.toFixed(4)} to ${emr.high.toFixed(4)}, ${emr.n} photos)`,
      ...Object.entries(metrics.attributes).map(
        ([name, { accuracy, macro_f1 }]) => `${name}: accuracy ${accuracy.toFixed(4)}, macro F1 ${macro_f1.toFixed(4)}`,
      ),
    ];
    return { metrics, summary };
  } finally {
    await model.release();
  }
}
