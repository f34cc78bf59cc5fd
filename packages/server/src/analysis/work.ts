/** @file The job of an analysis; one that was interrupted is made anew. */
import { analysisSchema, BusanaError, type CatalogueAnalysis, type Taxonomy } from '@busana/contracts';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Orm } from '../database/open.ts';
import { productPhotos } from '../database/schema/photos.ts';
import type { Changes } from '../jobs/changes.ts';
import type { JobQueue } from '../jobs/queue.ts';
import { PASSING, runTask } from '../jobs/run-task.ts';
import type { Done, Doing } from '../jobs/worker.ts';
import type { ModelFiles } from '../models/files.ts';
import { gatherPhotos } from '../photos/gather.ts';
import type { PhotoStore } from '../photos/store.ts';
import type { Predictor } from '../predictions/predictor.ts';
import { findingsOf } from './findings.ts';
import { analysisState, askForAnalysis, failAnalysis, finishAnalysis, isAnalysis, labelsBySource, photosOfProducts, tellProgress } from './state.ts'; // prettier-ignore

export interface AnalysisOptions {
  readonly orm: Orm;
  readonly store: PhotoStore;
  readonly files: ModelFiles;
  readonly predictor: Pick<Predictor, 'hash'>;
  readonly taxonomy: Taxonomy;
  /** Folder of what is remembered of photos between analyses. */
  readonly cache: string;
  /** 0 (default): every core. */
  readonly threads?: number;
  readonly queue: JobQueue;
  readonly changes: Changes;
}

export class AnalysisWork {
  readonly #options: AnalysisOptions;

  constructor(options: AnalysisOptions) {
    this.#options = options;
  }

  /** Begins one unless there is one under way. @throws BusanaError DATA_INVALID of a catalogue without photos */
  async ask(): Promise<CatalogueAnalysis> {
    const { orm, queue } = this.#options;
    if ((await orm.$count(productPhotos)) === 0) throw nothingThere();
    await askForAnalysis(orm, queue);
    return this.state();
  }

  state(): Promise<CatalogueAnalysis> {
    return analysisState(this.#options.orm);
  }

  wanted(id: number): Promise<boolean> {
    return isAnalysis(this.#options.orm, id);
  }

  /** One that was interrupted is made anew. */
  async analyze(id: number, { signal }: Doing): Promise<Done> {
    const { orm, changes } = this.#options;
    if (!(await isAnalysis(orm, id))) return {};
    try {
      await this.#analyze(id, signal);
    } catch (error) {
      if (!(error instanceof BusanaError) || PASSING.has(error.code)) throw error;
      if (error.code === 'INTERRUPTED') return 'left';
      await failAnalysis(orm, id, error.message);
    } finally {
      changes.announce();
    }
    return {};
  }

  async #analyze(id: number, signal: AbortSignal): Promise<void> {
    const { orm, store, files, predictor, taxonomy, cache, threads = 0, changes } = this.#options;
    const known = await photosOfProducts(orm);
    if (known.length === 0) throw nothingThere();
    const labels = await labelsBySource(orm);
    const model = await files.local(predictor.hash);
    const folder = join(dirname(cache), `analysis-${id}`);
    const photos = await gatherPhotos(store, known, folder);
    // One after the other; of steps that come while one is written the last counts.
    let [writing, next]: [Promise<void> | undefined, CatalogueAnalysis['progress']] = [undefined, null];
    const write = async (): Promise<void> => {
      for (let step = next; step !== null; step = next) {
        next = null;
        await tellProgress(orm, id, step);
        changes.announce();
      }
      writing = undefined;
    };
    const working = runTask({ kind: 'analyze', photos, taxonomy, model, cache, threads }, analysisSchema, {
      onNews: (news) => {
        if (news.kind !== 'step') return;
        const { step, done, total } = news;
        next = { step, done, total };
        writing ??= write();
        writing.catch(() => undefined);
      },
      signal,
    });
    const analysis = await working.finally(async () => {
      await writing?.catch(() => undefined);
      await rm(folder, { recursive: true, force: true });
    });
    await finishAnalysis(orm, id, findingsOf(analysis, known, labels));
  }
}

function nothingThere(): BusanaError {
  return new BusanaError('DATA_INVALID', 'there are no photos to analyse', { remedy: 'Import some first.' });
}
