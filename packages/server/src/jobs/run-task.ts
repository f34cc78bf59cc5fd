/** @file Hard work in a process of its own: requests are answered meanwhile, and it can be ended at any moment. */
import { BusanaError, errorTable, type ErrorCode } from '@busana/contracts';
import { withLargePages, workerFile } from '@busana/vision';
import { fork } from 'node:child_process';
import { constants, getPriority, setPriority } from 'node:os';
import type { z } from 'zod';
import { newsSchema, type Task, type Tell } from './tasks.ts';

/** What may be otherwise when a task is tried again; anything else is the end of what it was for. */
export const PASSING: ReadonlySet<string> = new Set([
  'INTERNAL',
  'OUTPUT_UNWRITABLE',
  'DATABASE_UNAVAILABLE',
  'STORAGE_UNAVAILABLE',
]);

export interface TaskOptions {
  readonly onNews?: Tell;
  /** Ends the process at once; what it has written is complete or not there. */
  readonly signal?: AbortSignal;
}

/**
 * @param result what the task's result has to look like
 * @throws BusanaError as the task; INTERRUPTED; INTERNAL when the process dies
 */
export async function runTask<T>(task: Task, result: z.ZodType<T>, { onNews, signal }: TaskOptions = {}): Promise<T> {
  if (signal?.aborted === true) throw new BusanaError('INTERRUPTED', 'stopped before it began');
  const file = workerFile('./task-worker', import.meta.url);
  const worker = fork(file.url, {
    execArgv: [...file.execArgv],
    env: withLargePages(process.env) ?? process.env,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  // Requests go first: it steps back behind the server, wherever that stands.
  const behind = Math.min(constants.priority.PRIORITY_LOW, getPriority() + constants.priority.PRIORITY_BELOW_NORMAL);
  if (worker.pid !== undefined) setPriority(worker.pid, behind);
  let errors = '';
  worker.stderr?.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-2000)));
  const stop = (): void => void worker.kill('SIGKILL');
  signal?.addEventListener('abort', stop);
  try {
    return await new Promise<T>((resolve, reject) => {
      worker.on('message', (message) => {
        const news = newsSchema.parse(message);
        if (news.kind === 'done') resolve(result.parse(news.result));
        else if (news.kind === 'failed') reject(asError(news.code, news.message, news.remedy));
        else onNews?.(news);
      });
      worker.on('error', reject);
      worker.on('exit', () => {
        if (signal?.aborted === true) reject(new BusanaError('INTERRUPTED', 'stopped'));
        else
          reject(new BusanaError('INTERNAL', `a process of the server has died: ${errors.trim().split('\n').at(-1)}`));
      });
      worker.send(task);
    });
  } finally {
    signal?.removeEventListener('abort', stop);
    worker.kill('SIGKILL');
  }
}

function asError(code: string, message: string, remedy: string): BusanaError {
  return new BusanaError(isCode(code) ? code : 'INTERNAL', message, { remedy });
}

function isCode(code: string): code is ErrorCode {
  return code in errorTable;
}
