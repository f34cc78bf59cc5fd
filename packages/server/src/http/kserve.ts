/** @file The model that answers, for clients of KServe and Triton: the Open Inference Protocol over REST. */
import {
  BusanaError,
  inferenceAnswerSchema,
  inferenceLiveSchema,
  inferenceModelReadySchema,
  inferenceModelSchema,
  inferenceReadySchema,
  inferenceRequestSchema,
  inferenceServerSchema,
  type InferenceRequest,
} from '@busana/contracts';
import { hashOf, type Answer } from '@busana/vision';
import type { FastifyPluginCallback } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { HEADER_LENGTH, readBody, writeBody } from '../kserve/body.ts';
import { readInputs, type Photos } from '../kserve/inputs.ts';
import { answerInference, describeModel } from '../kserve/outputs.ts';
import type { PhotoAnswers } from '../predictions/photo-answers.ts';
import type { Predictor } from '../predictions/predictor.ts';
import type { Metrics } from './metrics.ts';
import type { WaitingLine } from './waiting-line.ts';

/** Bytes of a body, which is held in memory. */
const BODY = 32 * 2 ** 20;

const modelSchema = z.object({ name: z.string(), version: z.string().optional() });
type ModelNamed = z.infer<typeof modelSchema>;

export interface InferenceService {
  readonly predictor: Predictor;
  readonly answers: PhotoAnswers;
  readonly metrics: Metrics;
  readonly version: string;
  readonly line: WaitingLine;
  /** Whether the server can work. */
  readonly ready: () => Promise<boolean>;
}

export function inferenceRoutes(service: InferenceService): FastifyPluginCallback {
  const { predictor, answers, metrics, version, line, ready } = service;

  /** @throws BusanaError MODEL_NOT_FOUND: only the one that answers now can be asked */
  function expectModel({ name, version: hash = predictor.hash }: ModelNamed): void {
    if (name === predictor.name && hash === predictor.hash) return;
    throw new BusanaError('MODEL_NOT_FOUND', `'${name}'${hash === predictor.hash ? '' : ` of version ${hash}`} is not the model that answers`, {
      remedy: `That is '${predictor.name}' of version ${predictor.hash}.`,
    }); // prettier-ignore
  }

  /** All of one model. @throws BusanaError IMAGE_UNREADABLE where there is no answer to one */
  async function ask(photos: Photos): Promise<Answer[]> {
    const results = photos.kind === 'photos' ? await askFiles(photos.files) : await askPixels(photos.pictures);
    return results.map((result, at) => {
      if ('prediction' in result && result.prediction.status !== 'error') return result;
      if ('reason' in result) throw new BusanaError(result.code, `photo ${at}: ${result.reason}`);
      throw new BusanaError('IMAGE_UNREADABLE', `photo ${at}: another model has followed, of another size`, { remedy: 'Ask it.' }); // prettier-ignore
    });
  }

  const askFiles = (files: readonly Uint8Array[]) =>
    answers.askAll(files.map((bytes, at) => ({ id: '', name: `photo ${at}`, hash: hashOf([bytes]), location: { kind: 'bytes', bytes } }))); // prettier-ignore

  async function askPixels(pictures: readonly Uint8Array[]): Promise<Answer[]> {
    const photos = pictures.map((pixels, at) => predictor.fromPixels(`photo ${at}`, pixels));
    const asked = await Promise.all(photos.map((photo) => predictor.ask(photo)));
    return predictor.agree<never>(asked, (at) => predictor.ask(photos[at]!));
  }

  return (instance, _options, done) => {
    // Clients send documents without any type, and binary tensors under that of the document before them.
    instance.removeAllContentTypeParsers();
    instance.addContentTypeParser('*', { parseAs: 'buffer' }, (request, body, parsed) => {
      const length = request.headers[HEADER_LENGTH];
      try {
        parsed(null, readBody(Buffer.from(body), typeof length === 'string' ? length : undefined));
      } catch (error) {
        parsed(error instanceof Error ? error : new Error(String(error)));
      }
    });
    const app = instance.withTypeProvider<ZodTypeProvider>();
    const open = { role: 'open' } as const;

    app.get('', { schema: { response: { 200: inferenceServerSchema } } }, () => {
      return { name: 'busana', version, extensions: ['binary_tensor_data', 'classification'] };
    });
    app.get('/health/live', { config: open, schema: { response: { 200: inferenceLiveSchema } } }, () => ({
      live: true,
    }));
    app.get('/health/ready', { config: open, schema: { response: { 200: inferenceReadySchema, 503: inferenceReadySchema } } }, async (_, reply) => {
      const able = await ready();
      return reply.status(able ? 200 : 503).send({ ready: able });
    }); // prettier-ignore

    for (const path of ['/models/:name', '/models/:name/versions/:version']) {
      app.get(path, { schema: { params: modelSchema, response: { 200: inferenceModelSchema } } }, ({ params }) => {
        expectModel(params);
        return describeModel(predictor);
      });
      app.get(`${path}/ready`, { schema: { params: modelSchema, response: { 200: inferenceModelReadySchema } } }, ({ params }) => {
        expectModel(params);
        return { name: params.name, ready: true };
      }); // prettier-ignore
      instance.post<{ Params: ModelNamed; Body: InferenceRequest }>(
        `${path}/infer`,
        {
          bodyLimit: BODY,
          config: { role: 'viewer' },
          onRequest: line.admit,
          schema: { params: modelSchema, body: inferenceRequestSchema, response: { 200: inferenceAnswerSchema } },
        },
        async (request, reply) => {
          const { params, body } = request;
          expectModel(params);
          const photos = readInputs(body.inputs, predictor.size);
          line.counted(request, photos.kind === 'photos' ? photos.files.length : photos.pictures.length);
          const found = await ask(photos);
          const model = predictor.modelOf(found[0]!);
          // Another may have followed while the photos waited.
          if (params.version !== undefined && model.hash !== params.version) expectModel(params);
          for (const { prediction } of found) metrics.predicted(prediction.status);
          const { document, tensors } = answerInference(predictor.taxonomy, model, found, body);
          // Written already: large tensors pass no schema on their way out.
          if (tensors.length === 0) return reply.type('application/json').send(JSON.stringify(document));
          const written = writeBody(document, tensors);
          return reply.header(HEADER_LENGTH, written.length).type('application/octet-stream').send(written.body);
        },
      );
    }
    done();
  };
}
