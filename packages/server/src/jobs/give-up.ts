/** @file What becomes of what a job was for, when it could not be done; and how it gets another chance. */
import { eq, sql } from 'drizzle-orm';
import { activeModel } from '../catalogue/models.ts';
import { failAnalysis, reviveAnalysis } from '../analysis/state.ts';
import type { Orm } from '../database/open.ts';
import { imports } from '../database/schema/imports.ts';
import { received } from '../imports/make-jobs.ts';
import { endWhenDone, giveUpPhotos, revivePhotos } from '../imports/state.ts';
import { endTraining, reviveTrainingRow, tellLine } from '../trainings/state.ts';
import type { JobQueue } from './queue.ts';
import { workSchema, type Work } from './work.ts';

/** Its photos, training or analysis have failed, with the reason. */
export async function giveUp(orm: Orm, queue: JobQueue, data: unknown, reason: string): Promise<void> {
  const read = workSchema.safeParse(data);
  if (!read.success) return;
  const work = read.data;
  if (work.kind === 'train') {
    await tellLine(orm, work.training, `given up: ${reason}`);
    await endTraining(orm, work.training, 'failed', `given up: ${reason}`);
  } else if (work.kind === 'analyze') {
    await failAnalysis(orm, work.analysis, `given up: ${reason}`);
  } else if (work.kind !== 'anew') {
    await giveUpPhotos(orm, work.import, work.positions, reason);
    if (work.kind === 'receive') await received(orm, queue, work.import);
    else await endWhenDone(orm, work.import);
  }
}

/** What has failed waits again. @returns whether it is still there */
export async function revive(orm: Orm, work: Work): Promise<boolean> {
  if (work.kind === 'train') return reviveTrainingRow(orm, work.training);
  if (work.kind === 'analyze') return reviveAnalysis(orm, work.analysis);
  if (work.kind === 'anew') return (await activeModel(orm))?.hash === work.model;
  const there = await revivePhotos(orm, work.import, work.positions);
  if (there && work.kind === 'receive') {
    await orm.update(imports).set({ receiving: sql`${imports.receiving} + 1` }).where(eq(imports.id, work.import)); // prettier-ignore
  }
  return there;
}
