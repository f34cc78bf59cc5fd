/** @file The thread in which models compute: the runtime holds up whoever calls it until it has computed. */
import { BusanaError } from '@busana/contracts';
import { loadModel, type Model } from '../artifact/model.ts';
import type { EngineOptions } from '../engine-options.ts';
import { batchSize } from './prepare-ahead.ts';
import { readerOf, type PictureReader, type Reading } from './picture-reader.ts';

export type ModelTask =
  | { readonly kind: 'open'; readonly path: string; readonly options: EngineOptions }
  | {
      readonly kind: 'read';
      readonly id: number;
      readonly images: readonly Uint8Array<ArrayBuffer>[];
      readonly count: number;
    }
  | { readonly kind: 'release'; readonly id: number };

/** Errors lose what they are on the way between threads, unless they are told. */
export type ModelOutcome =
  | ({ readonly kind: 'opened'; readonly id: number } & Pick<Model, 'file' | 'metadata' | 'sizes'>)
  | { readonly kind: 'read'; readonly readings: readonly Reading[] }
  | { readonly kind: 'released' }
  | ({ readonly kind: 'failed' } & Pick<BusanaError, 'code' | 'message' | 'remedy'>);

const models = new Map<number, { readonly model: Model; readonly reader: PictureReader }>();
let opened = 0;

export async function perform(task: ModelTask): Promise<ModelOutcome> {
  try {
    if (task.kind === 'open') return await open(task.path, task.options);
    if (task.kind === 'read')
      return { kind: 'read', readings: await found(task.id).reader.read(task.images, task.count) };
    const { model } = found(task.id);
    models.delete(task.id);
    await model.release();
    return { kind: 'released' };
  } catch (error) {
    if (!(error instanceof BusanaError)) throw error;
    const { code, message, remedy } = error;
    return { kind: 'failed', code, message, remedy };
  }
}

async function open(path: string, options: EngineOptions): Promise<ModelOutcome> {
  const model = await loadModel(path, options);
  await takeMemory(model);
  const { file, metadata, sizes } = model;
  const id = (opened += 1);
  models.set(id, { model, reader: readerOf(model) });
  return { kind: 'opened', id, file, metadata, sizes };
}

/**
 * The runtime keeps what its largest batch needs. It takes that now, in one piece, and not in several that do not fit together
 * when many first ask at once. The second run is the first that knows what the batch needs.
 */
async function takeMemory({ sizes, answer }: Model): Promise<void> {
  const count = batchSize(sizes);
  const images = sizes.map((size) => new Uint8Array(count * size * size * 3));
  for (let run = 0; run < 2; run += 1) await answer(images, count);
}

function found(id: number) {
  const known = models.get(id);
  if (known !== undefined) return known;
  throw new BusanaError('INTERNAL', 'the thread that had the model has ended', { remedy: 'Start again.' });
}
