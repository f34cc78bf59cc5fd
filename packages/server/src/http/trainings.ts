/** @file Trainings over HTTP: begun on what people have said, followed by events, cancelled, resumed. */
import { trainingListSchema, trainingRequestSchema, trainingSchema, type Training } from '@busana/contracts';
import type { FastifyPluginCallback } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { expectModel } from '../catalogue/models.ts';
import type { Orm } from '../database/open.ts';
import type { PhotoStore } from '../photos/store.ts';
import type { Predictor } from '../predictions/predictor.ts';
import type { Jobs } from '../jobs/jobs.ts';
import { countConfirmed } from '../trainings/confirmed.ts';
import {
  cancelTraining,
  createTraining,
  describeTraining,
  expectTraining,
  listTrainings,
  reviveTraining,
} from '../trainings/state.ts';
import { expectEnough } from '../trainings/choose.ts';
import { follow } from './follow.ts';
import { isForm } from './forms.ts';
import { architectureOf, fromForm, fromJson } from './training-request.ts';
import { idSchema } from './parameters.ts';

const schema = { params: idSchema, response: { 200: trainingSchema } };
const config = { role: 'admin' as const };
/** The last layer is learnt in a moment; the whole network is taught with care; one that knows nothing takes long. */
const EPOCHS = { heads: 40, 'fine-tuning': 8, anew: 30 };

interface TrainingService {
  readonly orm: Orm;
  readonly store: PhotoStore;
  readonly predictor: Predictor;
  readonly jobs: Jobs;
}

export function trainingRoutes({ orm, store, predictor, jobs }: TrainingService): FastifyPluginCallback {
  const state = async (id: number): Promise<Training> => describeTraining(orm, await expectTraining(orm, id));

  return (instance, _options, done) => {
    const app = instance.withTypeProvider<ZodTypeProvider>();

    app.post(
      '/trainings',
      {
        config,
        schema: {
          consumes: ['application/json', 'multipart/form-data'],
          body: trainingRequestSchema.nullish(),
          response: { 202: trainingSchema },
        },
      },
      async (request, reply) => {
        const wanted = isForm(request)
          ? await fromForm(store, request)
          : fromJson(request.body ?? trainingRequestSchema.parse({}));
        const { name, approach, model = predictor.hash } = wanted.settings;
        const architecture = architectureOf(wanted.settings);
        const { epochs = EPOCHS[architecture === null ? approach : 'anew'] } = wanted.settings;
        const { hash: baseHash } = await expectModel(orm, model);
        if (wanted.data === null) expectEnough(await countConfirmed(orm));
        const id = await createTraining(orm, jobs.queue, {
          name,
          approach,
          architecture,
          epochs,
          baseHash,
          data: wanted.data,
        });
        jobs.wake();
        return reply.status(202).header('location', `/api/v1/trainings/${id}`).send(await state(id)); // prettier-ignore
      },
    );

    app.get('/trainings', { schema: { response: { 200: trainingListSchema } } }, async () => {
      const rows = await listTrainings(orm);
      return { trainings: await Promise.all(rows.map((row) => describeTraining(orm, row))) }; // prettier-ignore
    });

    app.get('/trainings/:id', { schema }, ({ params: { id } }) => state(id));

    app.post('/trainings/:id/cancel', { config, schema }, async ({ params: { id } }) => {
      await expectTraining(orm, id);
      await cancelTraining(orm, jobs.queue, id);
      jobs.wake();
      return state(id);
    });

    app.post('/trainings/:id/resume', { config, schema }, async ({ params: { id } }) => {
      await expectTraining(orm, id);
      await reviveTraining(orm, jobs.queue, id);
      jobs.wake();
      return state(id);
    });

    app.get(
      '/trainings/:id/events',
      { schema: { params: idSchema, produces: ['text/event-stream'] } },
      async (request, reply) => {
        const { id } = request.params;
        await expectTraining(orm, id);
        const followed = { read: () => state(id), ended: (now: Training) => now.state !== 'running' };
        return follow(request, reply, jobs.changes, followed);
      },
    );
    done();
  };
}
