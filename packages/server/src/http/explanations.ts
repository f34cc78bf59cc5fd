/** @file Why the model says so: a heat map per attribute, of a photo that is sent or of a product's. */
import {
  BusanaError,
  explanationAnswerSchema,
  explanationMethodSchema,
  explanationRequestSchema,
  type ExplanationMethod,
} from '@busana/contracts';
import type { FastifyPluginCallback, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { productDetails } from '../catalogue/details.ts';
import type { Orm } from '../database/open.ts';
import type { ExplanationService } from '../explanations/explainer.ts';
import { LARGEST_PHOTO, type PhotoStore } from '../photos/store.ts';
import { admission } from './admission.ts';
import { expectLength, fileName, formParts, isForm } from './forms.ts';

const LIMITS = { total: 8, sender: 4 };

interface Asked {
  readonly bytes: Uint8Array;
  readonly method: ExplanationMethod;
  readonly attribute?: string | undefined;
}

interface Service {
  readonly orm: Orm;
  readonly store: PhotoStore;
  readonly explanations: ExplanationService;
}

export function explanationRoutes({ orm, store, explanations }: Service): FastifyPluginCallback {
  return (instance, _options, done) => {
    const app = instance.withTypeProvider<ZodTypeProvider>();
    app.post(
      '/explanations',
      {
        config: { role: 'viewer' },
        onRequest: admission(LIMITS),
        schema: {
          consumes: ['application/json', 'multipart/form-data'],
          body: explanationRequestSchema.nullish(),
          response: { 200: explanationAnswerSchema },
        },
      },
      async (request, reply) => {
        const asked = isForm(request) ? await ofForm(store, request) : await ofProduct(orm, store, request.body);
        const gone = new AbortController();
        // Nobody waits for the answer any more.
        reply.raw.once('close', () => gone.abort());
        const { bytes, method, attribute } = asked;
        const found = await explanations.explain(bytes, method, attribute, gone.signal);
        return {
          method,
          attributes: found.map(({ attribute: name, code, label, overlay, garmentShare, warnings, doubts }) => ({
            ...{ name, code, label, warnings: [...warnings], doubts: [...doubts], share_on_garment: garmentShare },
            overlay: `data:image/png;base64,${Buffer.from(overlay).toString('base64')}`,
          })),
        };
      },
    );
    done();
  };
}

/** A photo, and fields `method` and `attribute` before or after it. */
async function ofForm(store: PhotoStore, request: FastifyRequest): Promise<Asked> {
  expectLength(request, 2 * LARGEST_PHOTO);
  let bytes: Uint8Array | undefined;
  const fields = new Map<string, string>();
  for await (const part of formParts(request, 1)) {
    if (part.type === 'field') {
      fields.set(part.fieldname, String(part.value));
      continue;
    }
    const upload = await store.receive(part.file, { name: fileName(part) || 'the photo', bytes: LARGEST_PHOTO });
    bytes = await readFile(upload.path).finally(upload.discard);
  }
  if (bytes === undefined) throw nothing();
  const method = explanationMethodSchema.safeParse(fields.get('method') ?? 'gradcam');
  if (method.success) return { bytes, method: method.data, attribute: fields.get('attribute') };
  throw new BusanaError('USAGE', `there is no method '${fields.get('method')}'`, {
    remedy: `The methods are ${explanationMethodSchema.options.join(', ')}.`,
  });
}

async function ofProduct(
  orm: Orm,
  store: PhotoStore,
  asked: z.infer<typeof explanationRequestSchema> | null | undefined,
): Promise<Asked> {
  if (asked === null || asked === undefined) throw nothing();
  const { photos } = await productDetails(orm, asked.product);
  const [first] = photos;
  if (first === undefined) throw new BusanaError('PHOTO_NOT_FOUND', `product ${asked.product} has no photo`);
  return { bytes: await store.read(first), method: asked.method, attribute: asked.attribute };
}

function nothing(): BusanaError {
  return new BusanaError('USAGE', 'there is nothing to explain in the request', { remedy: 'Send a form with one photo, or JSON with a product.' }); // prettier-ignore
}
