/** @file Photos of the catalogue over HTTP. What a hash names never changes, so whoever has it keeps it. */
import type { FastifyPluginCallback, FastifyReply } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Orm } from '../database/open.ts';
import { photoFormat } from '../photos/record.ts';
import type { PhotoStore } from '../photos/store.ts';
import { contentHash } from './parameters.ts';

const hashSchema = z.object({ hash: contentHash });

export function photoRoutes({ orm, store }: { orm: Orm; store: PhotoStore }): FastifyPluginCallback {
  return (instance, _options, done) => {
    const app = instance.withTypeProvider<ZodTypeProvider>();
    const schema = { params: hashSchema, produces: ['image/*'] };

    app.get('/photos/:hash', { schema }, async ({ params: { hash }, headers }, reply) => {
      const format = await photoFormat(orm, hash);
      if (unchanged(reply, hash, headers['if-none-match'])) return reply.status(304).send();
      return reply.type(`image/${format}`).send(await store.read(hash));
    });

    app.get('/photos/:hash/thumbnail', { schema }, async ({ params: { hash }, headers }, reply) => {
      await photoFormat(orm, hash);
      if (unchanged(reply, `${hash}-thumbnail`, headers['if-none-match'])) return reply.status(304).send();
      return reply.type('image/jpeg').send(await store.thumbnail(hash));
    });
    done();
  };
}

/** Says how long an answer is good for: a year, in the browser alone. */
function unchanged(reply: FastifyReply, tag: string, known: string | undefined): boolean {
  void reply.headers({
    etag: `"${tag}"`,
    'cache-control': 'private, max-age=31536000, immutable',
    // Opened by itself it is a picture and nothing else, whatever is inside.
    'content-security-policy': "default-src 'none'; sandbox",
  });
  return known === `"${tag}"`;
}
