/** @file Products over HTTP: lists with facets, the stock matrix, one product with its history, corrections. */
import {
  confirmationSchema,
  correctionSchema,
  predictionStatusSchema,
  productDetailsSchema,
  productPageSchema,
  stockSchema,
  type Taxonomy,
} from '@busana/contracts';
import type { FastifyPluginCallback } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { speakerOf } from '../access/guard.ts';
import { correct, undo } from '../catalogue/correct.ts';
import { facets, stockMatrix } from '../catalogue/count.ts';
import { productDetails } from '../catalogue/details.ts';
import { findProducts, wordsInUse, type ProductFilter } from '../catalogue/find.ts';
import { doubtfulWords, understand, type Understood } from '../catalogue/understand.ts';
import type { Orm } from '../database/open.ts';
import { asAnswer, asDetails } from './answers.ts';
import { correctionsOf, expectAttribute, expectCode } from './corrections.ts';
import { idSchema } from './parameters.ts';

const oneOrMore = z
  .union([z.string(), z.array(z.string())])
  .transform((value) => (Array.isArray(value) ? value : [value]));
const filterSchema = z.looseObject({
  q: z.string().max(200).optional().describe('words in Indonesian or English: labels, titles, numbers'),
  status: z.union([predictionStatusSchema, z.array(predictionStatusSchema)]).optional(),
});
const listSchema = filterSchema.extend({
  before: z.coerce.number().int().positive().optional().describe('`next` of the page before'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
const stockQuerySchema = filterSchema.extend({ rows: z.string().optional(), columns: z.string().optional() });

interface Shop {
  readonly orm: Orm;
  readonly taxonomy: Taxonomy;
}

export function productRoutes({ orm, taxonomy }: Shop): FastifyPluginCallback {
  const names = taxonomy.attributes.map(({ name }) => name);

  /** Every parameter that is none of the route's own filters an attribute of that name. */
  const filterOf = async (
    query: z.infer<typeof filterSchema>,
    own: readonly string[],
  ): Promise<{ filter: ProductFilter; understood: Understood }> => {
    const { q = '', status } = query;
    const understood = understand(q, taxonomy, await wordsInUse(orm, doubtfulWords(q, taxonomy)));
    const labels: Record<string, readonly string[]> = { ...understood.labels };
    for (const [name, value] of Object.entries(query)) {
      if (own.includes(name)) continue;
      labels[name] = oneOrMore.parse(value).map((code) => expectCode(taxonomy, name, code));
    }
    const statuses = status === undefined ? {} : { status: [status].flat() };
    return { filter: { labels, words: understood.words, ...statuses }, understood };
  };

  return (instance, _options, done) => {
    const app = instance.withTypeProvider<ZodTypeProvider>();

    app.get(
      '/products',
      { schema: { querystring: listSchema, response: { 200: productPageSchema } } },
      async ({ query }) => {
        const { filter, understood } = await filterOf(query, Object.keys(listSchema.shape));
        const { before, limit } = query;
        const found = await findProducts(orm, filter, { limit: limit + 1, ...(before !== undefined && { before }) });
        const products = found.slice(0, limit).map((product) => asAnswer(product, taxonomy));
        const next = found.length > limit ? products.at(-1)!.id : null;
        return { products, next, facets: await facets(orm, filter, names), understood };
      },
    );

    app.get(
      '/products/stock',
      { schema: { querystring: stockQuerySchema, response: { 200: stockSchema } } },
      async ({ query }) => {
        const { filter } = await filterOf(query, Object.keys(stockQuerySchema.shape));
        const rows = expectAttribute(taxonomy, query.rows ?? names[0]!);
        const columns = expectAttribute(taxonomy, query.columns ?? names[1] ?? names[0]!);
        return { rows, columns, matrix: await stockMatrix(orm, rows, columns, filter) };
      },
    );

    app.get(
      '/products/:id',
      { schema: { params: idSchema, response: { 200: productDetailsSchema } } },
      async ({ params }) => asDetails(await productDetails(orm, params.id), taxonomy),
    );

    app.patch(
      '/products/:id/attributes',
      { schema: { params: idSchema, body: correctionSchema, response: { 200: productDetailsSchema } } },
      async ({ params: { id }, body, actor }) => {
        await correct(orm, correctionsOf(taxonomy, id, body.attributes), speakerOf(actor, body.who));
        return asDetails(await productDetails(orm, id), taxonomy);
      },
    );

    app.post(
      '/products/:id/undo',
      { schema: { params: idSchema, body: confirmationSchema.nullish(), response: { 200: productDetailsSchema } } },
      async ({ params: { id }, body, actor }) => {
        await undo(orm, id, speakerOf(actor, body?.who));
        return asDetails(await productDetails(orm, id), taxonomy);
      },
    );
    done();
  };
}
