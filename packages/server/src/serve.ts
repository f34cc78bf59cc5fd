/** @file The whole server: database, photos, model, imports and the HTTP interface, started and ended together. */
import { BusanaError } from '@busana/contracts';
import { hasCode } from '@busana/vision';
import type { FastifyInstance, FastifyServerOptions } from 'fastify';
import { join, resolve } from 'node:path';
import { isLoopback, proxiesOf } from './access/origin.ts';
import { listTokens } from './access/tokens.ts';
import type { Orm } from './database/open.ts';
import { queueNames } from './database/queue-tables.ts';
import { DemoCatalogue } from './demo/demo.ts';
import { ExplanationService } from './explanations/explainer.ts';
import { createApp } from './http/app.ts';
import { Metrics } from './http/metrics.ts';
import { followModels } from './models/follow.ts';
import { modelsToServe } from './models/begin.ts';
import { ModelService } from './models/service.ts';
import { openParts } from './parts.ts';
import { startTracing } from './tracing/start.ts';

export interface ServeOptions {
  /** An address of this machine alone needs no login. */
  readonly host: string;
  /** Asks for tokens in any case, e.g. behind a proxy; default: where {@link host} is not of this machine alone. */
  readonly login?: boolean;
  /** Proxies on other machines, whose word about their clients is believed: addresses and networks, by commas. */
  readonly proxy?: string;
  /** 0: any that is free. */
  readonly port: number;
  /** `postgres://…`, or a folder; default: in {@link data}. */
  readonly database?: string;
  /** `s3://…`, or a folder, where photos and models are kept; default: {@link data}. */
  readonly storage?: string;
  /** Folder of all that has no other place: what is on its way in, copies, trainings, the embedded database. */
  readonly data: string;
  /** Model file or run folder to begin with; later the one that was activated last goes on. */
  readonly model: string;
  readonly version: string;
  /** Threads of the engine and of the decoder; 0: every core. */
  readonly threads?: number;
  /** Address of a collector that takes OTLP over HTTP, for traces. */
  readonly traces?: string;
  /** Folder of the pages, as soon as they are made; without, there is the interface alone. */
  readonly site?: Promise<string>;
  readonly logger?: FastifyServerOptions['logger'];
  /** Whether it does jobs itself; default true. False leaves them to workers. */
  readonly work?: boolean;
}

export interface RunningServer {
  /** e.g. `http://127.0.0.1:3000` */
  readonly address: string;
  /** When the requests and photos at hand are done; imports go on at the next start. */
  readonly close: () => Promise<void>;
}

/** @throws BusanaError USAGE where a login is asked for that nobody has; CONFIG_INVALID, MODEL_NOT_FOUND, MODEL_INVALID, DATABASE_UNAVAILABLE, STORAGE_UNAVAILABLE, OUTPUT_UNWRITABLE */
export async function serve(options: ServeOptions): Promise<RunningServer> {
  const { host, port, data, model, version, threads = 0, work = true } = options;
  const { database: where = join(data, 'database'), storage = data } = options;
  const proxies = options.proxy === undefined ? undefined : proxiesOf(options.proxy);
  const login = options.login === true || !isLoopback(host);
  /** What has been opened, to be closed in the opposite order. */
  const opened: (() => void | Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (let next = opened.pop(); next !== undefined; next = opened.pop()) await next();
  };
  try {
    if (options.traces !== undefined) opened.push(await startTracing(options.traces, version));
    const metrics = new Metrics(() => parts.predictor.waiting);
    const parts = await openParts({
      ...{ database: where, storage, data, threads, queues: work ? queueNames : [] },
      models: async (orm, files) => {
        if (login) await expectAdmin(orm);
        return modelsToServe(orm, files, model);
      },
      onBatch: (photos, time) => metrics.answered(photos, time),
      onSettled: (state) => metrics.imported(state),
      onFailure: (error) => app.log.error({ err: error }, 'a job is interrupted'),
    });
    opened.push(() => parts.close());
    const { database, store, predictor, files, jobs } = parts;
    const { orm } = database;
    const onChange = (hash: string, kind: string, who: string) => {
      app.log.info({ model: hash, kind, who }, 'another model answers');
      jobs.wake();
    };
    const models = new ModelService({ orm, predictor, files, queue: jobs.queue, onChange });
    const following = followModels(models, (error) => app.log.error({ err: error }, 'the active model is not known'));
    const explanations = new ExplanationService(predictor, files, threads);
    opened.push(() => explanations.close());
    const demo = new DemoCatalogue({ orm, store, jobs, folder: join(resolve(data), 'demo') });
    const app: FastifyInstance = await createApp({
      ...parts,
      ...{ version, metrics, login, models, explanations, demo },
      ...(options.site !== undefined && { site: options.site }),
      traces: options.traces !== undefined,
      ...(proxies !== undefined && { proxies }),
      ...(options.logger !== undefined && { logger: options.logger }),
    });
    opened.push(() => app.close());
    // Before requests are waited for: those that follow an import end with it.
    opened.push(() => jobs.changes.close());
    opened.push(() => parts.worker.close());
    opened.push(() => following.close());
    for (const [hash, reason] of files.problems) app.log.error({ model: hash, reason, answering: predictor.hash }, 'a model cannot be used; another answers'); // prettier-ignore
    const address = await listen(app, host, port);
    await parts.resume();
    parts.worker.start();
    following.start();
    return { address, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Nobody could come in. @throws BusanaError USAGE */
async function expectAdmin(orm: Orm): Promise<void> {
  if ((await listTokens(orm)).some(({ role }) => role === 'admin')) return;
  throw new BusanaError('USAGE', 'this server asks for a login, and nobody has a token yet', {
    remedy: 'Make one first: busana token create NAME --role admin, with the same --data or --database.',
  });
}

async function listen(app: FastifyInstance, host: string, port: number): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (cause) {
    if (!hasCode(cause, 'EADDRINUSE') && !hasCode(cause, 'EACCES')) throw cause;
    const why = hasCode(cause, 'EADDRINUSE') ? 'something else listens there' : 'it is not allowed here';
    throw new BusanaError('USAGE', `port ${port} cannot be used: ${why}`, { remedy: 'Choose another --port.', cause });
  }
}
