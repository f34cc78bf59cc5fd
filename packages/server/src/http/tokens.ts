/** @file Tokens over HTTP, for admins. */
import { newTokenSchema, tokenRequestSchema, tokenSchema } from '@busana/contracts';
import type { FastifyPluginCallback } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { createToken, listTokens, revokeToken } from '../access/tokens.ts';
import type { Orm } from '../database/open.ts';
import { idSchema } from './parameters.ts';

export function tokenRoutes(orm: Orm): FastifyPluginCallback {
  return (instance, _options, done) => {
    const app = instance.withTypeProvider<ZodTypeProvider>();
    const config = { role: 'admin' } as const;

    app.get('/tokens', { config, schema: { response: { 200: z.array(tokenSchema) } } }, () => listTokens(orm));

    app.post(
      '/tokens',
      { config, schema: { body: tokenRequestSchema, response: { 201: newTokenSchema } } },
      async ({ body }, reply) => reply.status(201).send(await createToken(orm, body)),
    );

    app.delete(
      '/tokens/:id',
      { config, schema: { params: idSchema, response: { 204: z.null() } } },
      async ({ params: { id } }, reply) => {
        await revokeToken(orm, id);
        return reply.status(204).send(null);
      },
    );
    done();
  };
}
