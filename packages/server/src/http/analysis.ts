/** @file The analysis of the catalogue over HTTP. */
import { catalogueAnalysisSchema } from '@busana/contracts';
import type { FastifyPluginCallback } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { AnalysisRunner } from '../analysis/runner.ts';

export function analysisRoutes(analysis: AnalysisRunner): FastifyPluginCallback {
  return (instance, _options, done) => {
    const app = instance.withTypeProvider<ZodTypeProvider>();

    app.get('/analysis', { schema: { response: { 200: catalogueAnalysisSchema } } }, () => analysis.state());

    app.post('/analysis', { schema: { response: { 202: catalogueAnalysisSchema } } }, async (_, reply) =>
      reply
        .status(202)
        .header('location', '/api/v1/analysis')
        .send(await analysis.ask()),
    );
    done();
  };
}
