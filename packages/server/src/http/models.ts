/** @file Models over HTTP: what there is, with what was measured; one click on, one click back. */
import { activationSchema, architectureListSchema, modelListSchema, type ModelComparison } from '@busana/contracts';
import { describeArchitectures } from '@busana/vision';
import type { FastifyPluginCallback } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { speakerOf } from '../access/guard.ts';
import { expectModel, listModels, previousModel } from '../catalogue/models.ts';
import type { Orm } from '../database/open.ts';
import type { ModelService } from '../models/service.ts';
import { contentHash } from './parameters.ts';

const hashSchema = z.object({ id: contentHash });
const body = activationSchema.nullish();
const response = { 200: modelListSchema };
const config = { role: 'admin' as const };

export function modelRoutes({ orm, models }: { orm: Orm; models: ModelService }): FastifyPluginCallback {
  const list = async (): Promise<z.infer<typeof modelListSchema>> => {
    const found = await listModels(orm);
    return {
      models: found.map(({ hash, name, active, createdAt, trainingId, metrics, comparison }) => ({
        ...{ id: hash, hash, name, active, metrics, comparison: comparison satisfies ModelComparison | null },
        created_at: createdAt.toISOString(),
        origin: trainingId ?? ('shipped' as const),
        problem: models.files.problems.get(hash) ?? null,
      })),
      answering: models.answering,
      previous: (await previousModel(orm)) ?? null,
    };
  };

  /** Counted once, when somebody asks. */
  let known: ReturnType<typeof describeArchitectures> | undefined;

  return (instance, _options, done) => {
    const app = instance.withTypeProvider<ZodTypeProvider>();

    app.get('/models', { schema: { response } }, list);

    app.get('/architectures', { schema: { response: { 200: architectureListSchema } } }, () => ({
      architectures: (known ??= describeArchitectures()).map(({ name, description, parameters, macs }) => ({ name, description, parameters, macs })), // prettier-ignore
    }));

    app.post(
      '/models/:id/activate',
      { config, schema: { params: hashSchema, body, response } },
      async ({ params, body, actor }) => {
        await models.activate(params.id, speakerOf(actor, body?.who));
        return list();
      },
    );

    app.post('/models/rollback', { config, schema: { body, response } }, async ({ body, actor }) => {
      await models.rollback(speakerOf(actor, body?.who));
      return list();
    });

    app.get(
      '/models/:id/card',
      { schema: { params: hashSchema, produces: ['text/markdown'] } },
      async ({ params: { id } }, reply) => {
        await expectModel(orm, id);
        return reply.type('text/markdown; charset=utf-8').send(await models.files.card(id));
      },
    );
    done();
  };
}
