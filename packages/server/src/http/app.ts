/** @file The HTTP interface: routes with their contracts, an OpenAPI document made of them, health. */
import helmet from '@fastify/helmet';
import multipart from '@fastify/multipart';
import type { Taxonomy } from '@busana/contracts';
import { sql } from 'drizzle-orm';
import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { randomUUID } from 'node:crypto';
import { guard } from '../access/guard.ts';
import type { AnalysisWork } from '../analysis/work.ts';
import type { Database } from '../database/open.ts';
import type { DemoCatalogue } from '../demo/demo.ts';
import type { ExplanationService } from '../explanations/explainer.ts';
import { depthOf } from '../jobs/dead.ts';
import type { Jobs } from '../jobs/jobs.ts';
import type { ModelService } from '../models/service.ts';
import type { PhotoStore } from '../photos/store.ts';
import { Pace } from '../predictions/pace.ts';
import { PhotoAnswers } from '../predictions/photo-answers.ts';
import type { Predictor } from '../predictions/predictor.ts';
import type { LookAlikes } from '../search/look-alikes.ts';
import { analysisRoutes } from './analysis.ts';
import { demoRoutes } from './demo.ts';
import { answerErrors, answerUnroutable } from './errors.ts';
import { exportRoutes } from './exports.ts';
import { explanationRoutes } from './explanations.ts';
import { importRoutes } from './imports.ts';
import { jobRoutes } from './jobs.ts';
import { inferenceRoutes } from './kserve.ts';
import type { Metrics } from './metrics.ts';
import { modelRoutes } from './models.ts';
import { documentRoutes } from './openapi.ts';
import { photoRoutes } from './photos.ts';
import { predictionRoutes } from './predictions.ts';
import { productRoutes } from './products.ts';
import { reviewRoutes } from './review.ts';
import { sessionRoutes } from './session.ts';
import { similarRoutes } from './similar.ts';
import { tokenRoutes } from './tokens.ts';
import { trainingRoutes } from './trainings.ts';
import { taxonomyRoutes } from './taxonomy.ts';
import { WaitingLine } from './waiting-line.ts';
import { traceRequests } from './traces.ts';
import { webRoutes } from './web.ts';

export interface AppOptions {
  readonly database: Database;
  /** Attributes and values of the catalogue. */
  readonly taxonomy: Taxonomy;
  readonly version: string;
  readonly store: PhotoStore;
  readonly predictor: Predictor;
  readonly jobs: Jobs;
  readonly models: ModelService;
  readonly explanations: ExplanationService;
  readonly demo: DemoCatalogue;
  readonly analysis: AnalysisWork;
  readonly lookAlikes: LookAlikes;
  readonly metrics: Metrics;
  /** Whether a token is needed; false: for this machine alone. */
  readonly login: boolean;
  /** Addresses and networks of proxies that are believed beside those on this machine. */
  readonly proxies?: readonly string[];
  /** Folder of the pages, as soon as they are made; none without. */
  readonly site?: Promise<string>;
  /** Whether requests are spans of traces. */
  readonly traces?: boolean;
  /** pino's options; nothing is logged without. */
  readonly logger?: FastifyServerOptions['logger'];
}

/** Answers within two seconds, with some to spare for what is measured too late; a sender alone has most of it. */
const PREDICTIONS = { wait: 1200, share: 0.75 };
/** JSON of a correction or a page of settings; photos have limits of their own. */
const BODY_LIMIT = 1 << 20;

/**
 * Nothing from elsewhere, and no script but the pages' own. Their components write colours and sizes as style attributes,
 * which no file or nonce can replace; the photos that a person has just chosen are `blob:`, heat maps `data:`.
 */
const directives = {
  defaultSrc: ["'self'"],
  imgSrc: ["'self'", 'blob:', 'data:'],
  styleSrc: ["'self'", "'unsafe-inline'"],
  objectSrc: ["'none'"],
  baseUri: ["'self'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
};

/** Milliseconds in which a request has to come, and after which a connection that is silent is closed. */
const WHOLE_REQUEST = 600_000;
const SILENCE = 60_000;

/** An application that is ready to listen, or to be asked by `inject`. Closing it closes nothing that it was given. */
export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const {
    database,
    taxonomy,
    version,
    store,
    predictor,
    jobs,
    metrics,
    site,
    login,
    logger = false,
    traces = false,
  } = options;
  const { models, explanations, demo, analysis, lookAlikes } = options;
  const app = Fastify({
    logger,
    requestTimeout: WHOLE_REQUEST,
    connectionTimeout: SILENCE,
    bodyLimit: BODY_LIMIT,
    frameworkErrors: answerUnroutable,
    // What a proxy says of its own client: by which protocol it came, and from where.
    trustProxy: ['loopback', ...(options.proxies ?? [])],
    // An id of the caller is kept, so that logs of several programs can be joined; anything odd in it is not.
    genReqId: ({ headers }) => {
      const given = headers['x-request-id'];
      return typeof given === 'string' && /^[\w.-]{1,64}$/.test(given) ? given : randomUUID();
    },
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  answerErrors(app);
  if (traces) traceRequests(app);
  app.addHook('onRequest', ({ id }, reply, done) => {
    void reply.header('x-request-id', id);
    done();
  });
  await guard(app, { orm: database.orm, login });
  const pace = new Pace();
  metrics.serve(app, pace);
  metrics.watch(() => depthOf(database.orm));
  await app.register(multipart);
  await app.register(helmet, { contentSecurityPolicy: { useDefaults: false, directives } });
  await documentRoutes(app, version);
  app.get('/healthz', { config: { role: 'open' }, schema: { hide: true } }, () => ({ status: 'ok', version }));
  const ready = (): Promise<boolean> =>
    database.orm.execute(sql`select 1`).then(
      () => true,
      () => false,
    );
  app.get('/readyz', { config: { role: 'open' }, schema: { hide: true } }, async (_, reply) => {
    const able = await ready();
    const status = able ? 'ready' : 'the database does not answer';
    const [unusable] = models.files.problems.keys();
    // It answers, so it is ready; who looks after it sees here what is wrong.
    return reply.status(able ? 200 : 503).send({ status, ...(unusable !== undefined && { unusable_model: unusable, answering: models.answering }) }); // prettier-ignore
  });
  const { orm } = database;
  const prefix = '/api/v1';
  const line = new WaitingLine(pace, PREDICTIONS);
  const answers = new PhotoAnswers(predictor, () => metrics.remembered());
  await app.register(sessionRoutes({ orm, login }), { prefix });
  await app.register(tokenRoutes(orm), { prefix });
  await app.register(taxonomyRoutes(taxonomy), { prefix });
  await app.register(productRoutes({ orm, taxonomy }), { prefix });
  await app.register(reviewRoutes({ orm, taxonomy }), { prefix });
  await app.register(similarRoutes({ orm, taxonomy, store, predictor, lookAlikes }), { prefix });
  await app.register(exportRoutes({ orm, taxonomy, store }), { prefix });
  await app.register(photoRoutes({ orm, store }), { prefix });
  await app.register(predictionRoutes({ store, predictor, answers, metrics, line }), { prefix });
  await app.register(importRoutes({ taxonomy, orm, store, jobs }), { prefix });
  await app.register(modelRoutes({ orm, models }), { prefix });
  await app.register(trainingRoutes({ orm, store, predictor, jobs }), { prefix });
  await app.register(explanationRoutes({ orm, store, explanations }), { prefix });
  await app.register(analysisRoutes(analysis, jobs), { prefix });
  await app.register(jobRoutes({ orm, jobs }), { prefix });
  await app.register(demoRoutes({ orm, demo }), { prefix });
  await app.register(inferenceRoutes({ predictor, answers, metrics, version, line, ready }), { prefix: '/v2' });
  if (site !== undefined) await app.register(webRoutes(site));
  await app.ready();
  return app;
}
