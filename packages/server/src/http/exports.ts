/** @file The catalogue as files: tables that are made while they are sent, and the competition's submission. */
import { BusanaError, type Taxonomy } from '@busana/contracts';
import { csvLine } from '@busana/vision';
import type { FastifyPluginCallback, FastifyReply, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { Readable } from 'node:stream';
import { z } from 'zod';
import type { Orm } from '../database/open.ts';
import { exportForms } from '../exports/forms.ts';
import { exportedProducts } from '../exports/products.ts';
import { submissionLike, wholeSubmission } from '../exports/submission.ts';
import type { Upload } from '../photos/receive.ts';
import type { PhotoStore } from '../photos/store.ts';
import { fileName, formParts } from './forms.ts';

const querySchema = z.object({ format: z.enum(['csv', 'shopify', 'woocommerce', 'submission']).default('csv') });
/** Bytes of a sample. */
const SAMPLE = 16 * 2 ** 20;

interface ExportService {
  readonly orm: Orm;
  readonly taxonomy: Taxonomy;
  readonly store: PhotoStore;
}

export function exportRoutes({ orm, taxonomy, store }: ExportService): FastifyPluginCallback {
  return (instance, _options, done) => {
    const app = instance.withTypeProvider<ZodTypeProvider>();
    const produces = ['text/csv'];

    app.get('/exports/products', { schema: { querystring: querySchema, produces } }, async (request, reply) => {
      const { format } = request.query;
      if (format === 'submission') return send(reply, 'submission', await wholeSubmission(orm, taxonomy));
      const { columns, rows } = exportForms[format];
      const address = (hash: string) => `${request.protocol}://${request.host}/api/v1/photos/${hash}`;
      async function* lines(): AsyncGenerator<string> {
        yield csvLine(columns(taxonomy));
        for await (const product of exportedProducts(orm)) yield* rows(product, { taxonomy, address }).map(csvLine);
      }
      return send(reply, `products-${format}`, lines());
    });

    app.post(
      '/exports/submission',
      { config: { role: 'viewer' }, schema: { consumes: ['multipart/form-data'], produces } },
      async (request, reply) => {
        const { name, upload } = await sampleOf(store, request);
        try {
          return send(reply, 'submission', await submissionLike(orm, taxonomy, upload.path));
        } catch (error) {
          // Where it lies here is nobody's business.
          if (!(error instanceof BusanaError)) throw error;
          const problems = error.problems.map((problem) => ({ ...problem, file: name }));
          throw new BusanaError(error.code, error.message.replaceAll(upload.path, name), { problems, cause: error });
        } finally {
          await upload.discard();
        }
      },
    );
    done();
  };
}

function send(reply: FastifyReply, name: string, lines: Iterable<string> | AsyncIterable<string>): FastifyReply {
  async function* ended(): AsyncGenerator<string> {
    for await (const line of lines) yield `${line}\n`;
  }
  return reply
    .type('text/csv; charset=utf-8')
    .header('content-disposition', `attachment; filename="${name}.csv"`)
    .header('cache-control', 'no-store')
    .send(Readable.from(ended()));
}

async function sampleOf(store: PhotoStore, request: FastifyRequest): Promise<{ name: string; upload: Upload }> {
  let sample: { name: string; upload: Upload } | undefined;
  for await (const part of formParts(request, 1)) {
    if (part.type !== 'file') continue;
    const name = fileName(part) || 'the sample';
    sample = { name, upload: await store.receive(part.file, { name, bytes: SAMPLE }) };
  }
  if (sample !== undefined) return sample;
  throw new BusanaError('USAGE', 'there is no sample in the request', { remedy: 'Send a form with sample_submission.csv.' }); // prettier-ignore
}
