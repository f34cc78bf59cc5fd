/** @file The analysis of the catalogue over HTTP. */
import { catalogueAnalysisSchema } from '@busana/contracts';
import type { FastifyPluginCallback } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { AnalysisWork } from '../analysis/work.ts';
import type { Jobs } from '../jobs/jobs.ts';

export function analysisRoutes(analysis: AnalysisWork, jobs: Jobs): FastifyPluginCallback {
  return (instance, _options, done) => {
    const app = instance.withTypeProvider<ZodTypeProvider>();

    app.get('/analysis', { schema: { response: { 200: catalogueAnalysisSchema } } }, () => analysis.state());

    app.post('/analysis', { schema: { response: { 202: catalogueAnalysisSchema } } }, async (_, reply) => {
      const state = await analysis.ask();
      jobs.wake();
      return reply.status(202).header('location', '/api/v1/analysis').send(state);
    });
    done();
  };
}
