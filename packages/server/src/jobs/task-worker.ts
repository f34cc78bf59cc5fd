/** @file The process that does one task and ends, at the latest with the server that has started it. */
import { BusanaError } from '@busana/contracts';
import { drawWardrobe } from '@busana/vision';
import { analyzeCatalogue } from '../analysis/analyze.ts';
import { groupPhotos } from '../trainings/group.ts';
import { learn } from '../trainings/learn.ts';
import { unpack } from '../trainings/unpack.ts';
import { taskSchema, type News, type Task } from './tasks.ts';

const tell = (news: News): void => void process.send?.(news);

async function perform(task: Task): Promise<unknown> {
  if (task.kind === 'group') return groupPhotos(task.photos, task.cache);
  if (task.kind === 'unpack') return unpack(task);
  if (task.kind === 'learn') return learn(task, tell);
  if (task.kind === 'analyze') return analyzeCatalogue(task, tell);
  return drawWardrobe(task.folder, { count: task.count, test: 0, seed: task.seed });
}

process.once('disconnect', () => process.exit());
process.once('message', (message) => {
  perform(taskSchema.parse(message)).then(
    (result) => tell({ kind: 'done', result: result ?? null }),
    (error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      const { code, remedy } = error instanceof BusanaError ? error : { code: 'INTERNAL', remedy: '' };
      tell({ kind: 'failed', code, message, remedy });
    },
  );
});
