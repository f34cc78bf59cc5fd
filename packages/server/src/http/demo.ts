/** @file The demo catalogue over HTTP. */
import { demoStateSchema, importSchema } from '@busana/contracts';
import type { FastifyPluginCallback } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import type { Orm } from '../database/open.ts';
import type { DemoCatalogue } from '../demo/demo.ts';
import { importState } from '../imports/state.ts';

export function demoRoutes({ orm, demo }: { orm: Orm; demo: DemoCatalogue }): FastifyPluginCallback {
  const state = async (): Promise<z.infer<typeof demoStateSchema>> => {
    return { loaded: await demo.loaded(), products: await demo.products() };
  };
  return (instance, _options, done) => {
    const app = instance.withTypeProvider<ZodTypeProvider>();
    const response = { 200: demoStateSchema };

    app.get('/demo', { schema: { response } }, state);

    app.post('/demo', { schema: { response: { 202: importSchema } } }, async (_, reply) => {
      const id = await demo.load();
      return reply.status(202).header('location', `/api/v1/imports/${id}`).send(await importState(orm, id)); // prettier-ignore
    });

    app.delete('/demo', { schema: { response } }, async () => {
      await demo.remove();
      return state();
    });
    done();
  };
}
