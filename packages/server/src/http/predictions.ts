/** @file Photos in, labels out. Nothing of the photos is kept. */
import { BusanaError, predictAnswerSchema, predictRequestSchema, type PredictAnswer } from '@busana/contracts';
import type { Answer, UnreadablePhoto } from '@busana/vision';
import type { FastifyPluginCallback, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { Readable } from 'node:stream';
import { z } from 'zod';
import type { Upload } from '../photos/receive.ts';
import { LARGEST_PHOTO, type PhotoStore } from '../photos/store.ts';
import type { PhotoAnswers } from '../predictions/photo-answers.ts';
import type { ModelIdentity, Predictor } from '../predictions/predictor.ts';
import { traced } from '../tracing/spans.ts';
import { expectLength, fileName, formParts, isForm } from './forms.ts';
import type { Metrics } from './metrics.ts';
import type { WaitingLine } from './waiting-line.ts';

const querySchema = z.object({
  classes: z.enum(['best', 'all']).default('best').describe('all: the probability of every class'),
});
/** Photos of one request. */
const MOST_PHOTOS = 64;
/** Bytes of a form, and of a document, which is held in memory. */
const FORM = 256 * 2 ** 20;
const DOCUMENT = 32 * 2 ** 20;

interface Named {
  readonly id: string | null;
  readonly name: string | null;
}

interface Received extends Named {
  readonly upload: Upload;
}

type Result = Answer | UnreadablePhoto;

export interface PredictionService {
  readonly store: PhotoStore;
  readonly predictor: Predictor;
  readonly answers: PhotoAnswers;
  readonly metrics: Metrics;
  readonly line: WaitingLine;
}

export function predictionRoutes({
  store,
  predictor,
  answers,
  metrics,
  line,
}: PredictionService): FastifyPluginCallback {
  const ask = ({ id, name, upload: { path, hash } }: Received): Promise<Result> =>
    answers.ask({ id: id ?? '', name: name ?? id ?? 'the photo', hash, location: { kind: 'file', path } });

  /** What has been received, and the answers of one model. */
  async function askAll(photos: AsyncIterable<Received>, request: FastifyRequest) {
    const received: Received[] = [];
    const asked: Promise<Result>[] = [];
    try {
      // The first are asked about while others come.
      for await (const photo of photos) {
        received.push(photo);
        asked.push(ask(photo));
      }
      line.counted(request, received.length);
      return { received, results: await predictor.agree(await Promise.all(asked), (at) => ask(received[at]!)) };
    } finally {
      await Promise.allSettled(asked);
      await Promise.all(received.map(({ upload }) => upload.discard()));
    }
  }

  function modelOf(results: readonly Result[]): ModelIdentity {
    const answer = results.find((result) => 'prediction' in result);
    return answer === undefined ? { name: predictor.name, hash: predictor.hash } : predictor.modelOf(answer);
  }

  return (instance, _options, done) => {
    const app = instance.withTypeProvider<ZodTypeProvider>();
    app.post(
      '/predict',
      {
        bodyLimit: DOCUMENT,
        config: { role: 'viewer' },
        onRequest: line.admit,
        schema: {
          consumes: ['application/json', 'multipart/form-data'],
          querystring: querySchema,
          body: predictRequestSchema.nullish(),
          response: { 200: predictAnswerSchema },
        },
      },
      async (request) => {
        const begin = performance.now();
        const photos = isForm(request) ? fromForm(store, request) : fromDocument(store, request.body?.photos ?? []);
        const { received, results } = await askAll(photos, request);
        expectReadable(results);
        for (const result of results) metrics.predicted('prediction' in result ? result.prediction.status : 'error');
        return {
          model: modelOf(results),
          predictions: results.map((result, at) => asAnswer(received[at]!, result, request.query.classes === 'all')),
          timing: { milliseconds: Math.round(performance.now() - begin) },
        };
      },
    );
    done();
  };
}

/** A field `id` is that of the file that comes next. */
async function* fromForm(store: PhotoStore, request: FastifyRequest): AsyncGenerator<Received> {
  expectLength(request, FORM);
  let id: string | null = null;
  for await (const part of formParts(request, MOST_PHOTOS)) {
    if (part.type === 'field') {
      if (part.fieldname === 'id') id = String(part.value);
      continue;
    }
    const name = fileName(part) || null;
    const limit = { name: name ?? 'the photo', bytes: LARGEST_PHOTO };
    const upload = await traced('receive', {}, async (span) => {
      const received = await store.receive(part.file, limit);
      span.setAttribute('bytes', received.bytes);
      return received;
    });
    yield { id, name, upload };
    id = null;
  }
}

type DocumentPhotos = z.infer<typeof predictRequestSchema>['photos'];

async function* fromDocument(store: PhotoStore, photos: DocumentPhotos): AsyncGenerator<Received> {
  if (photos.length > MOST_PHOTOS) {
    throw new BusanaError('UPLOAD_TOO_LARGE', `a request has at most ${MOST_PHOTOS} photos, this one ${photos.length}`);
  }
  for (const { id = null, image } of photos) {
    const text = image.replace(/^data:[\w/+.-]*;base64,/, '');
    const bytes = Buffer.from(text, 'base64');
    // What is no base64 is left out in silence by the decoder.
    if (bytes.toString('base64').replace(/=+$/, '') !== text.replace(/=+$/, '')) {
      throw new BusanaError('USAGE', `the image of ${id ?? 'a photo'} is not base64`, { remedy: 'Encode the bytes of the file.' }); // prettier-ignore
    }
    const upload = await store.receive(Readable.from([bytes]), { name: id ?? 'the photo', bytes: LARGEST_PHOTO });
    yield { id, name: null, upload };
  }
}

/** @throws BusanaError USAGE without a photo; where nothing can be read from any, why */
function expectReadable(results: readonly Result[]): void {
  if (results.length === 0) {
    throw new BusanaError('USAGE', 'there is no photo in the request', { remedy: 'Send a form with files, or JSON with base64.' }); // prettier-ignore
  }
  const failures = results.filter((result) => 'reason' in result);
  const [first] = failures;
  if (first === undefined || failures.length < results.length) return;
  const problems = failures.map(({ photo: { name }, reason }) => ({ file: name, message: reason }));
  throw new BusanaError(first.code, `no photo can be read: ${first.reason}`, { problems });
}

function asAnswer({ id, name }: Named, result: Result, classes: boolean): PredictAnswer['predictions'][number] {
  if (!('prediction' in result)) {
    const { code, reason } = result;
    return {
      id,
      name,
      attributes: [],
      joint_confidence: 0,
      status: 'error',
      reasons: [reason],
      doubts: [],
      error: code,
    };
  }
  const { attributes, joint_confidence, status } = result.prediction;
  const told = attributes.map(({ name: attribute, code, label, confidence, probabilities }) => {
    return { name: attribute, code, label, probability: confidence, ...(classes && { classes: probabilities }) };
  });
  const [reasons, doubts] = [[...result.reasons], [...result.doubts]];
  return { id, name, attributes: told, joint_confidence, status, reasons, doubts, error: null };
}
