/** @file Trainings as the database knows them: begun, told of, ended. */
import { BusanaError, type Training, type TrainingEpoch } from '@busana/contracts';
import { and, asc, desc, eq, isNotNull, isNull, ne, sql } from 'drizzle-orm';
import type { Orm } from '../database/open.ts';
import { models } from '../database/schema/models.ts';
import { trainingEvents, trainings } from '../database/schema/trainings.ts';
import type { JobQueue } from '../jobs/queue.ts';
import type { Learnt } from '../jobs/tasks.ts';
import type { NewJob } from '../jobs/work.ts';

export type TrainingRow = typeof trainings.$inferSelect;

/** Lines of the log that an answer has. */
const LINES = 200;

/** @returns its id */
export async function createTraining(
  orm: Orm,
  queue: JobQueue,
  wanted: Pick<TrainingRow, 'approach' | 'epochs' | 'architecture' | 'baseHash' | 'data'> & {
    readonly name?: string | undefined;
  },
): Promise<number> {
  return orm.transaction(async (transaction) => {
    const { name = '', ...settings } = wanted;
    const [created] = await transaction.insert(trainings).values({ ...settings, name }).returning({ id: trainings.id }); // prettier-ignore
    const { id } = created!;
    if (name === '')
      await transaction
        .update(trainings)
        .set({ name: `${wanted.data?.name.replace(/\.zip$/i, '') ?? 'catalogue'}-${id}`.slice(-80) })
        .where(eq(trainings.id, id));
    await queue.add(transaction, [jobOf(id)]);
    return id;
  });
}

function jobOf(training: number): NewJob {
  return { queue: 'train', work: { kind: 'train', training } };
}

/** @throws BusanaError TRAINING_NOT_FOUND */
export async function expectTraining(orm: Orm, id: number): Promise<TrainingRow> {
  const [found] = await orm.select().from(trainings).where(eq(trainings.id, id));
  if (found === undefined) throw new BusanaError('TRAINING_NOT_FOUND', `there is no training ${id}`);
  return found;
}

export async function isTraining(orm: Orm, id: number): Promise<boolean> {
  return (await orm.$count(trainings, and(eq(trainings.id, id), eq(trainings.state, 'running')))) > 0;
}

export async function tellSecondsLeft(orm: Orm, id: number, secondsLeft: number): Promise<void> {
  await orm.update(trainings).set({ secondsLeft }).where(eq(trainings.id, id));
}

/** The newest first. */
export function listTrainings(orm: Orm): Promise<TrainingRow[]> {
  return orm.select().from(trainings).orderBy(desc(trainings.id));
}

export async function describeTraining(orm: Orm, row: TrainingRow): Promise<Training> {
  const of = eq(trainingEvents.trainingId, row.id);
  const epochs = await orm.select({ epoch: trainingEvents.epoch }).from(trainingEvents).where(and(of, isNotNull(trainingEvents.epoch))).orderBy(asc(trainingEvents.id)); // prettier-ignore
  const lines = await orm.select({ at: trainingEvents.at, line: trainingEvents.line }).from(trainingEvents).where(and(of, isNull(trainingEvents.epoch))).orderBy(desc(trainingEvents.id)).limit(LINES); // prettier-ignore
  // An epoch that was done again after an interruption counts once; it was the same.
  const history = new Map(
    epochs.toReversed().flatMap(({ epoch }) => (epoch === null ? [] : [[epoch.epoch, epoch] as const])),
  );
  const { id, name, state, reason, approach, architecture, baseHash: base, modelHash: model } = row;
  return {
    ...{ id, name, state, reason, approach, architecture, epochs: row.epochs, base, model },
    data: row.data?.name ?? 'catalogue',
    history: [...history.values()].sort((a, b) => a.epoch - b.epoch),
    log: lines.toReversed().map(({ at, line }) => ({ at: at.toISOString(), line })),
    seconds_left: state === 'running' ? row.secondsLeft : null,
    photos: { train: row.trainPhotos, evaluation: row.evaluationPhotos },
    created_at: row.createdAt.toISOString(),
    finished_at: row.finishedAt?.toISOString() ?? null,
  };
}

export async function tellLine(orm: Orm, trainingId: number, line: string): Promise<void> {
  await orm.insert(trainingEvents).values({ trainingId, line });
}

export async function tellEpochs(orm: Orm, trainingId: number, epochs: readonly TrainingEpoch[]): Promise<void> {
  if (epochs.length > 0) await orm.insert(trainingEvents).values(epochs.map((epoch) => ({ trainingId, epoch })));
}

export async function countPhotos(orm: Orm, id: number, train: number, evaluation: number): Promise<void> {
  await orm.update(trainings).set({ trainPhotos: train, evaluationPhotos: evaluation }).where(eq(trainings.id, id));
}

/** Ends a training that is running, and only then. */
export async function endTraining(orm: Orm, id: number, state: 'cancelled' | 'failed', reason = ''): Promise<void> {
  await orm
    .update(trainings)
    .set({ state, reason, finishedAt: sql`now()` })
    .where(and(eq(trainings.id, id), eq(trainings.state, 'running')));
}

/** One that was cancelled or has failed goes on where it was. */
export async function reviveTraining(orm: Orm, queue: JobQueue, id: number): Promise<void> {
  await orm.transaction(async (transaction) => {
    await reviveTrainingRow(transaction, id);
    await resumeTraining(transaction, queue, id);
  });
}

/** @returns whether it is running now */
export async function reviveTrainingRow(orm: Orm, id: number): Promise<boolean> {
  const found = await orm
    .update(trainings)
    .set({ state: 'running', reason: '', finishedAt: null })
    .where(and(eq(trainings.id, id), ne(trainings.state, 'done')))
    .returning({ id: trainings.id });
  return found.length > 0;
}

/** One that is running and has no job gets one. */
async function resumeTraining(orm: Orm, queue: JobQueue, id: number): Promise<void> {
  const running = and(eq(trainings.id, id), eq(trainings.state, 'running'));
  const [own] = await orm.select({ id: trainings.id }).from(trainings).where(running).for('update');
  if (own !== undefined && !(await queue.has(orm, { training: id }))) await queue.add(orm, [jobOf(id)]);
}

/** Nobody works at it any more; what its epochs have learnt is kept. */
export async function cancelTraining(orm: Orm, queue: JobQueue, id: number): Promise<void> {
  await orm.transaction(async (transaction) => {
    await endTraining(transaction, id, 'cancelled');
    await queue.drop(transaction, { training: id });
  });
}

/** Those of an older version, e.g. */
export async function resumeTrainings(orm: Orm, queue: JobQueue): Promise<void> {
  const running = await orm.select({ id: trainings.id }).from(trainings).where(eq(trainings.state, 'running')).orderBy(asc(trainings.id)); // prettier-ignore
  for (const { id } of running) await orm.transaction((transaction) => resumeTraining(transaction, queue, id));
}

/** The model, what was measured of it and the end of its training, all or nothing. */
export async function finishTraining(orm: Orm, row: TrainingRow, hash: string, learnt: Learnt): Promise<void> {
  const { metrics, comparison, history } = learnt;
  await orm.transaction(async (transaction) => {
    const [own] = await transaction.select().from(trainings).where(eq(trainings.id, row.id)).for('update');
    if (own?.state !== 'running') return;
    const measured = { trainingId: row.id, metrics, comparison: { old: row.baseHash, ...comparison } };
    await transaction
      .insert(models)
      .values({ hash, name: row.name, ...measured })
      .onConflictDoUpdate({ target: models.hash, set: measured });
    // Those that were learnt and not told any more before an interruption.
    const { trainingId, epoch } = trainingEvents;
    const told = await transaction.select({ epoch }).from(trainingEvents).where(and(eq(trainingId, row.id), isNotNull(epoch))); // prettier-ignore
    const known = new Set(told.map((event) => event.epoch?.epoch));
    await tellEpochs(transaction, row.id, history.filter((one) => !known.has(one.epoch))); // prettier-ignore
    await transaction
      .update(trainings)
      .set({ state: 'done', modelHash: hash, finishedAt: sql`now()` })
      .where(eq(trainings.id, row.id));
  });
}
