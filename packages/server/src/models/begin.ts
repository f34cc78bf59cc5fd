/** @file The model that a process begins with: the one that is active, or, where that one cannot be used, one before it. */
import { BusanaError } from '@busana/contracts';
import { activeModel, earlierModels, findModel } from '../catalogue/models.ts';
import type { Orm } from '../database/open.ts';
import { Predictor, type PredictorOptions } from '../predictions/predictor.ts';
import { isUnusable, type ModelFiles } from './files.ts';

/**
 * Models that a server could begin with, the one that it should first: one that it has never had, or else the one that was
 * activated last; then those that were active before, the newest first, and the one that it was given.
 * @param given a model file or a run folder
 * @returns their hashes
 * @throws BusanaError MODEL_NOT_FOUND, MODEL_INVALID where the given one is none
 */
export async function modelsToServe(orm: Orm, files: ModelFiles, given: string): Promise<string[]> {
  const { hash } = await files.install(given);
  const active = await activeModel(orm);
  if (active === undefined || (await findModel(orm, hash)) === undefined) return [hash];
  return [...new Set([active.hash, ...(await earlierModels(orm)), hash])];
}

/**
 * The first that can be used; why others cannot is known of {@link ModelFiles.problems}.
 * @throws BusanaError what is wrong with the first, where none can
 */
export async function loadFirst(
  files: ModelFiles,
  hashes: readonly string[],
  options: PredictorOptions,
): Promise<Predictor> {
  let failure = new BusanaError('MODEL_NOT_FOUND', 'there is no model to begin with');
  for (const [at, hash] of hashes.entries()) {
    try {
      return await files.use(hash, (path) => Predictor.load(path, options));
    } catch (error) {
      if (!isUnusable(error)) throw error;
      if (at === 0) failure = error;
    }
  }
  throw failure;
}
