import { BusanaError } from '@busana/contracts';
import { Piscina } from 'piscina';
import type { EngineOptions } from '../engine-options.ts';
import { workerFile } from '../worker-file.ts';
import type { ModelOutcome, ModelTask } from './model-worker.ts';
import type { PictureReader } from './picture-reader.ts';

/** A model in the thread that all models of this process share: whoever asks it goes on while it computes. */
export interface ModelThread extends PictureReader {
  /** Where it was read from. */
  readonly file: string;
  readonly release: () => Promise<void>;
}

/** Started once; while it has nothing to do the process may end. */
let thread: Piscina<ModelTask, ModelOutcome> | undefined;

/**
 * Loads and checks a model as `loadModel` does, in the thread.
 * @throws BusanaError MODEL_NOT_FOUND, MODEL_INVALID
 */
export async function openModelThread(path: string, options: EngineOptions = {}): Promise<ModelThread> {
  const { id, file, metadata, sizes } = await ask('opened', { kind: 'open', path, options });
  return {
    ...{ file, metadata, sizes },
    async read(images, count) {
      // Moved, not copied.
      const transfer = images.map(({ buffer }) => buffer);
      return (await ask('read', { kind: 'read', id, images, count }, transfer)).readings;
    },
    release: async () => void (await ask('released', { kind: 'release', id })),
  };
}

async function ask<K extends ModelOutcome['kind']>(
  wanted: K,
  task: ModelTask,
  transferList: ArrayBuffer[] = [],
): Promise<Extract<ModelOutcome, { kind: K }>> {
  const outcome = await (thread ??= startThread()).run(task, { transferList });
  if (outcome.kind === 'failed') throw new BusanaError(outcome.code, outcome.message, { remedy: outcome.remedy });
  if (isOf(wanted, outcome)) return outcome;
  throw new BusanaError('INTERNAL', `the thread of the model answered '${outcome.kind}' instead of '${wanted}'`);
}

function isOf<K extends ModelOutcome['kind']>(
  wanted: K,
  outcome: ModelOutcome,
): outcome is Extract<ModelOutcome, { kind: K }> {
  return outcome.kind === wanted;
}

/** MiB of new objects in the thread before they are collected: it makes few, and would keep 24 of garbage, or give them back. */
const YOUNG = 8;

function startThread(): Piscina<ModelTask, ModelOutcome> {
  const { url, execArgv } = workerFile('./model-worker', import.meta.url);
  const limits = { minThreads: 1, maxThreads: 1, resourceLimits: { maxYoungGenerationSizeMb: YOUNG } };
  return new Piscina({ filename: url.href, name: 'perform', execArgv: [...execArgv], ...limits });
}
