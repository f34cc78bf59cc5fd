/** @file Jobs over HTTP: how much there is to do and who does it, and what could not be done. */
import { jobsSchema } from '@busana/contracts';
import type { FastifyPluginCallback } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Orm } from '../database/open.ts';
import { discardDead, jobsState, retryDead } from '../jobs/dead.ts';
import type { Jobs } from '../jobs/jobs.ts';

const params = z.object({ id: z.uuid() });
const response = { 200: jobsSchema };
const config = { role: 'admin' as const };

export function jobRoutes({ orm, jobs }: { orm: Orm; jobs: Jobs }): FastifyPluginCallback {
  return (instance, _options, done) => {
    const app = instance.withTypeProvider<ZodTypeProvider>();

    app.get('/jobs', { config, schema: { response } }, () => jobsState(orm));

    app.post('/jobs/:id/retry', { config, schema: { params, response } }, async ({ params: { id } }) => {
      await retryDead(orm, jobs.queue, id);
      jobs.wake();
      return jobsState(orm);
    });

    app.delete('/jobs/:id', { config, schema: { params, response } }, async ({ params: { id } }) => {
      await discardDead(orm, id);
      return jobsState(orm);
    });
    done();
  };
}
