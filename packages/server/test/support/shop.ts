import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { randomArtifact } from '../../../vision/test/support/random-artifact.ts';
import { AnalysisRunner } from '../../src/analysis/runner.ts';
import { activateModel } from '../../src/catalogue/models.ts';
import { openDatabase, type Database } from '../../src/database/open.ts';
import { createApp } from '../../src/http/app.ts';
import { DemoCatalogue } from '../../src/demo/demo.ts';
import { ExplanationService } from '../../src/explanations/explainer.ts';
import { Metrics } from '../../src/http/metrics.ts';
import { ImportRunner } from '../../src/imports/runner.ts';
import { ModelFiles } from '../../src/models/files.ts';
import { ModelService } from '../../src/models/service.ts';
import { PhotoStore } from '../../src/photos/store.ts';
import { Predictor } from '../../src/predictions/predictor.ts';
import { LookAlikes } from '../../src/search/look-alikes.ts';
import { LocalFiles } from '../../src/storage/local-files.ts';
import { openStorage } from '../../src/storage/open.ts';
import { TrainingRunner } from '../../src/trainings/runner.ts';

/** A server without a port, on a database, with a small model of random weights. */
export interface Shop {
  readonly folder: string;
  readonly model: string;
  readonly database: Database;
  readonly store: PhotoStore;
  readonly predictor: Predictor;
  readonly metrics: Metrics;
  readonly lookAlikes: LookAlikes;
  /** Not started. */
  readonly imports: ImportRunner;
  readonly models: ModelService;
  /** Not started. */
  readonly trainings: TrainingRunner;
  /** Not started. */
  readonly analysis: AnalysisRunner;
  readonly app: FastifyInstance;
  /** What imports have failed of. */
  readonly failures: unknown[];
  readonly runner: () => ImportRunner;
  readonly post: (url: string, form: FormData) => Promise<LightMyRequestResponse>;
  readonly close: () => Promise<void>;
}

export async function openShop(
  where: string,
  { login = false, storage }: { login?: boolean; storage?: string } = {},
): Promise<Shop> {
  const folder = await mkdtemp(join(tmpdir(), 'busana-shop-'));
  const model = join(folder, 'model.onnx');
  await writeFile(model, (await randomArtifact({ model: 'cnn', imageSize: 32 })).bytes);
  const database = await openDatabase(where);
  const local = new LocalFiles(await openStorage(storage ?? join(folder, 'data')), join(folder, 'data', 'cache'));
  const store = await PhotoStore.open(local, join(folder, 'data', 'uploads'));
  const metrics = new Metrics(() => predictor.waiting);
  const predictor = await Predictor.load(model, {
    threads: 1,
    onBatch: (photos, milliseconds) => metrics.answered(photos, milliseconds),
  });
  await activateModel(database.orm, predictor);
  const failures: unknown[] = [];
  const { orm } = database;
  const onSettled = (state: string) => metrics.imported(state);
  const lookAlikes = new LookAlikes(orm, () => predictor.hash);
  const runner = () => new ImportRunner({ orm, store, predictor, lookAlikes, onFailure: (error) => failures.push(error), onSettled }); // prettier-ignore
  const imports = runner();
  const files = new ModelFiles(local);
  await files.install(model);
  const onFailure = (error: unknown) => failures.push(error);
  const trainings = new TrainingRunner({ orm, store, files, folder: join(folder, 'data', 'trainings'), threads: 1, onFailure }); // prettier-ignore
  const analysis = new AnalysisRunner({ orm, store, files, predictor, taxonomy: predictor.taxonomy, cache: join(folder, 'data', 'trainings', 'cache'), threads: 1, onFailure }); // prettier-ignore
  const models = new ModelService({ orm, predictor, files });
  const explanations = new ExplanationService(predictor, files, 1);
  const demo = new DemoCatalogue({ orm, store, imports, folder: join(folder, 'data', 'demo'), photos: 20 });
  const parts = { database, store, predictor, metrics, imports, models, trainings, analysis, lookAlikes };
  const app = await createApp({ ...parts, explanations, demo, login, taxonomy: predictor.taxonomy, version: '0.0.0' });
  return {
    ...{ ...parts, folder, model, app, failures, runner },
    post: async (url, form) => {
      const encoded = new Response(form);
      const payload = Buffer.from(await encoded.arrayBuffer());
      return app.inject({ method: 'POST', url, payload, headers: { 'content-type': encoded.headers.get('content-type')! } }); // prettier-ignore
    },
    close: async () => {
      await imports.close();
      await trainings.background.close();
      await analysis.background.close();
      await app.close();
      await explanations.close();
      await database.close();
      await predictor.close();
      await rm(folder, { recursive: true, force: true });
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
