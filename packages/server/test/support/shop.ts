import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { randomArtifact } from '../../../vision/test/support/random-artifact.ts';
import { queueNames } from '../../src/database/queue-tables.ts';
import { createApp } from '../../src/http/app.ts';
import { DemoCatalogue } from '../../src/demo/demo.ts';
import { ExplanationService } from '../../src/explanations/explainer.ts';
import { Metrics } from '../../src/http/metrics.ts';
import { modelsToServe } from '../../src/models/begin.ts';
import { ModelService } from '../../src/models/service.ts';
import { openParts, type Parts, type PartsOptions } from '../../src/parts.ts';

/** A server without a port, on a database, with a small model of random weights. Its worker is not started. */
export interface Shop extends Parts {
  readonly folder: string;
  readonly model: string;
  readonly metrics: Metrics;
  readonly models: ModelService;
  readonly app: FastifyInstance;
  /** What jobs have failed of. */
  readonly failures: unknown[];
  readonly post: (url: string, form: FormData) => Promise<LightMyRequestResponse>;
}

export interface ShopOptions extends Partial<Pick<PartsOptions, 'storage' | 'rules' | 'fetch' | 'pulse' | 'queues'>> {
  readonly login?: boolean;
  readonly traces?: boolean;
  readonly proxies?: readonly string[];
  /** Folder of another shop that shares it. */
  readonly beside?: Pick<Shop, 'folder'>;
}

export async function openShop(
  where: string,
  { login = false, traces = false, proxies = [], beside, ...more }: ShopOptions = {},
): Promise<Shop> {
  const folder = beside?.folder ?? (await mkdtemp(join(tmpdir(), 'busana-shop-')));
  const model = join(folder, 'model.onnx');
  if (beside === undefined) await writeFile(model, (await randomArtifact({ model: 'cnn', imageSize: 32 })).bytes);
  const data = join(folder, 'data');
  const failures: unknown[] = [];
  const metrics: Metrics = new Metrics(() => parts.predictor.waiting);
  const parts = await openParts({
    ...{ database: where, storage: data, data, threads: 1, queues: queueNames },
    models: (orm, files) => modelsToServe(orm, files, model),
    onBatch: (photos, milliseconds) => metrics.answered(photos, milliseconds),
    onSettled: (state) => metrics.imported(state),
    onFailure: (error) => failures.push(error),
    ...more,
  });
  const { database, store, predictor, files, jobs } = parts;
  const { orm } = database;
  const models = new ModelService({ orm, predictor, files, queue: jobs.queue });
  const explanations = new ExplanationService(predictor, files, 1);
  const demo = new DemoCatalogue({ orm, store, jobs, folder: join(data, 'demo'), photos: 20 });
  const app = await createApp({
    ...parts,
    metrics,
    models,
    explanations,
    demo,
    login,
    traces,
    proxies,
    version: '0.0.0',
  });
  return {
    ...{ ...parts, metrics, models, folder, model, app, failures },
    post: async (url, form) => {
      const encoded = new Response(form);
      const payload = Buffer.from(await encoded.arrayBuffer());
      return app.inject({ method: 'POST', url, payload, headers: { 'content-type': encoded.headers.get('content-type')! } }); // prettier-ignore
    },
    close: async () => {
      jobs.changes.close();
      await parts.worker.close();
      await app.close();
      await explanations.close();
      await parts.close();
      if (beside === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A form of files and fields, in the order given. */
export function formOf(
  ...parts: readonly (readonly [name: string, bytes: Uint8Array | string, file?: string])[]
): FormData {
  const form = new FormData();
  for (const [name, bytes, file] of parts) {
    if (file === undefined) form.append(name, String(bytes));
    else form.append(name, new Blob([Uint8Array.from(Buffer.from(bytes))]), file);
  }
  return form;
}
