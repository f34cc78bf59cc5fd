/** @file What attributes the catalogue has, with the names of their values in every language. */
import { taxonomySchema, type Taxonomy } from '@busana/contracts';
import type { FastifyPluginCallback } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';

export function taxonomyRoutes(taxonomy: Taxonomy): FastifyPluginCallback {
  return (instance, _options, done) => {
    const app = instance.withTypeProvider<ZodTypeProvider>();
    app.get('/taxonomy', { schema: { response: { 200: taxonomySchema } } }, () => taxonomy);
    done();
  };
}
