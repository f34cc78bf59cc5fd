/** @file Products that look like a photo, or like another product. */
import { BusanaError, lookAlikesSchema, type Taxonomy } from '@busana/contracts';
import type { FastifyPluginCallback, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { productDetails } from '../catalogue/details.ts';
import type { Orm } from '../database/open.ts';
import type { Upload } from '../photos/receive.ts';
import { LARGEST_PHOTO, type PhotoStore } from '../photos/store.ts';
import type { Predictor } from '../predictions/predictor.ts';
import { appearanceOfPhoto, featuresOf } from '../search/features.ts';
import type { LookAlikes } from '../search/look-alikes.ts';
import { similarProducts, type SimilarProduct } from '../search/products.ts';
import { admission } from './admission.ts';
import { asAnswer } from './answers.ts';
import { expectLength, formParts } from './forms.ts';
import { idSchema } from './parameters.ts';

const limitSchema = z.object({ limit: z.coerce.number().int().min(1).max(200).default(24) });
const response = { 200: lookAlikesSchema };
const LIMITS = { total: 32, sender: 16 };
/** Bytes of a form besides the photo. */
const FORM = 4096;

export interface SimilarService {
  readonly orm: Orm;
  readonly taxonomy: Taxonomy;
  readonly store: PhotoStore;
  readonly predictor: Predictor;
  readonly lookAlikes: LookAlikes;
}

export function similarRoutes({ orm, taxonomy, store, predictor, lookAlikes }: SimilarService): FastifyPluginCallback {
  const answer = (found: readonly SimilarProduct[]) => ({
    products: found.map((product) => ({ ...asAnswer(product, taxonomy), similarity: product.similarity })),
  });
  const look = async ({ path, discard }: Upload): Promise<Int8Array> => {
    try {
      const prepared = await predictor.prepare({ id: '', name: 'the photo', location: { kind: 'file', path } });
      if ('reason' in prepared) throw new BusanaError(prepared.code, prepared.reason.replaceAll(path, 'the photo'));
      const features = await featuresOf('', prepared, await predictor.ask(prepared));
      if (features === undefined) throw new BusanaError('USAGE', 'this model gives no embeddings', { remedy: 'Activate another model.' }); // prettier-ignore
      return features.appearance;
    } finally {
      await discard();
    }
  };

  return (instance, _options, done) => {
    const app = instance.withTypeProvider<ZodTypeProvider>();
    app.post(
      '/products/search-by-photo',
      {
        config: { role: 'viewer' },
        onRequest: admission(LIMITS),
        schema: { consumes: ['multipart/form-data'], querystring: limitSchema, response },
      },
      async (request) => {
        const appearance = await look(await onlyPhoto(store, request));
        return answer(await similarProducts(orm, lookAlikes, { appearance, limit: request.query.limit }));
      },
    );

    app.get(
      '/products/:id/similar',
      { schema: { params: idSchema, querystring: limitSchema, response } },
      async ({ params: { id }, query: { limit } }) => {
        const [photo] = (await productDetails(orm, id)).photos;
        const appearance = photo === undefined ? undefined : await appearanceOfPhoto(orm, predictor.hash, photo);
        // A photo that the model has not been asked about yet is like none.
        return answer(appearance === undefined ? [] : await similarProducts(orm, lookAlikes, { appearance, limit, except: id })); // prettier-ignore
      },
    );
    done();
  };
}

/** @throws BusanaError USAGE, UPLOAD_TOO_LARGE */
async function onlyPhoto(store: PhotoStore, request: FastifyRequest): Promise<Upload> {
  expectLength(request, LARGEST_PHOTO + FORM);
  let photo: Upload | undefined;
  try {
    for await (const part of formParts(request, 1)) {
      if (part.type === 'file') photo = await store.receive(part.file, { name: 'the photo', bytes: LARGEST_PHOTO });
    }
  } catch (error) {
    await photo?.discard();
    throw error;
  }
  if (photo !== undefined) return photo;
  throw new BusanaError('USAGE', 'there is no photo in the request', { remedy: 'Send a form with one file.' });
}
