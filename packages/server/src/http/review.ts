/** @file Review over HTTP: the queue, "all right as it is", the same correction for many, agreement. */
import {
  agreementSchema,
  batchSchema,
  BusanaError,
  bulkEditSchema,
  confirmationSchema,
  productDetailsSchema,
  reviewOrders,
  reviewPageSchema,
  undoBatchSchema,
  whoSchema,
  type Taxonomy,
} from '@busana/contracts';
import type { FastifyPluginCallback } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { speakerOf } from '../access/guard.ts';
import { agreement } from '../catalogue/agreement.ts';
import { confirm, correct, undoBatch } from '../catalogue/correct.ts';
import { productDetails } from '../catalogue/details.ts';
import type { Place } from '../catalogue/queue.ts';
import { productsToJudge, reviewProgress, waitingProducts } from '../catalogue/review.ts';
import type { Orm } from '../database/open.ts';
import { asDetails } from './answers.ts';
import { correctionsOf } from './corrections.ts';
import { reviewItems } from './review-items.ts';
import { idSchema } from './parameters.ts';

const querySchema = z.object({
  by: z.enum(reviewOrders).default('doubt').describe('labels: labels of people that the model contradicts; second: what others have judged'), // prettier-ignore
  who: whoSchema.optional(),
  cursor: z.string().max(100).optional().describe('`next` of the page before'),
  limit: z.coerce.number().int().min(1).max(200).default(20),
});

interface Shop {
  readonly orm: Orm;
  readonly taxonomy: Taxonomy;
}

export function reviewRoutes({ orm, taxonomy }: Shop): FastifyPluginCallback {
  return (instance, _options, done) => {
    const app = instance.withTypeProvider<ZodTypeProvider>();

    app.get(
      '/review',
      { schema: { querystring: querySchema, response: { 200: reviewPageSchema } } },
      async ({ query: { by, who, cursor, limit }, actor }) => {
        const after = cursor === undefined ? {} : { after: placeOf(cursor) };
        const found = await waitingProducts(orm, { by, who: speakerOf(actor, who), limit: limit + 1, ...after });
        const page = found.slice(0, limit);
        const last = page.at(-1);
        return {
          items: reviewItems(
            taxonomy,
            page,
            await productsToJudge(
              orm,
              page.map(({ id }) => id),
            ),
          ),
          next: found.length > limit && last !== undefined ? `${last.rank}_${last.id}` : null,
          progress: await reviewProgress(orm),
        };
      },
    );

    app.post(
      '/review/:id/confirm',
      { schema: { params: idSchema, body: confirmationSchema.nullish(), response: { 200: productDetailsSchema } } },
      async ({ params: { id }, body, actor }) => {
        await confirm(orm, id, speakerOf(actor, body?.who));
        return asDetails(await productDetails(orm, id), taxonomy);
      },
    );

    app.get(
      '/review/agreement',
      { schema: { response: { 200: agreementSchema } } },
      () =>
      agreement(orm, taxonomy.attributes.map(({ name }) => name)), // prettier-ignore
    );

    app.patch(
      '/products/attributes',
      { schema: { body: bulkEditSchema, response: { 200: batchSchema } } },
      async ({ body: { ids, attributes, who }, actor }) => {
        const different = [...new Set(ids)];
        const corrections = different.flatMap((id) => correctionsOf(taxonomy, id, attributes));
        return { batch: await correct(orm, corrections, speakerOf(actor, who)), products: different.length };
      },
    );

    app.post(
      '/products/attributes/undo',
      { schema: { body: undoBatchSchema, response: { 200: batchSchema } } },
      async ({ body: { batch, who }, actor }) => {
        return { batch, products: await undoBatch(orm, batch, speakerOf(actor, who)) };
      },
    );
    done();
  };
}

/** @throws BusanaError USAGE */
function placeOf(cursor: string): Place {
  const [, rank, id] = /^([\d.e-]{1,30})_(\d{1,15})$/.exec(cursor) ?? [];
  if (rank !== undefined && Number(rank) >= 0 && Number(rank) <= 1) return { rank: Number(rank), id: Number(id) };
  throw new BusanaError('USAGE', `'${cursor}' is no cursor`, { remedy: 'Send `next` of the page before.' });
}
