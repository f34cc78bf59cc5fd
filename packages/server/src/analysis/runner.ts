/** @file Analyses in the background; one that the end of a process has interrupted is made anew by the next. */
import { analysisSchema, BusanaError, type CatalogueAnalysis, type Taxonomy } from '@busana/contracts';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Orm } from '../database/open.ts';
import { productPhotos } from '../database/schema/photos.ts';
import { Background } from '../jobs/background.ts';
import { runTask } from '../jobs/run-task.ts';
import type { ModelFiles } from '../models/files.ts';
import { gatherPhotos } from '../photos/gather.ts';
import type { PhotoStore } from '../photos/store.ts';
import type { Predictor } from '../predictions/predictor.ts';
import { findingsOf } from './findings.ts';
import { analysisState, askForAnalysis, failAnalysis, finishAnalysis, labelsBySource, nextAnalysis, photosOfProducts } from './state.ts'; // prettier-ignore

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
  readonly onFailure: (error: unknown) => void;
}

export class AnalysisRunner {
  readonly #options: AnalysisOptions;
  readonly background: Background;
  #progress: CatalogueAnalysis['progress'] = null;

  constructor(options: AnalysisOptions) {
    this.#options = options;
    this.background = new Background(() => this.#step(), options.onFailure);
  }

  /** Begins one unless there is one under way. @throws BusanaError DATA_INVALID of a catalogue without photos */
  async ask(): Promise<CatalogueAnalysis> {
    const { orm } = this.#options;
    if ((await orm.$count(productPhotos)) === 0) throw nothingThere();
    await askForAnalysis(orm);
    this.background.wake();
    return this.state();
  }

  state(): Promise<CatalogueAnalysis> {
    return analysisState(this.#options.orm, this.#progress);
  }

  async #step(): Promise<boolean> {
    const { orm } = this.#options;
    const id = await nextAnalysis(orm);
    if (id === undefined) return false;
    try {
      await this.#analyze(id);
    } catch (error) {
      if (!(error instanceof BusanaError)) throw error;
      if (error.code !== 'INTERRUPTED') await failAnalysis(orm, id, error.message);
    } finally {
      this.#progress = null;
      this.background.announce();
    }
    return true;
  }

  async #analyze(id: number): Promise<void> {
    const { orm, store, files, predictor, taxonomy, cache, threads = 0 } = this.#options;
    const known = await photosOfProducts(orm);
    if (known.length === 0) throw nothingThere();
    const labels = await labelsBySource(orm);
    const model = await files.local(predictor.hash);
    const folder = join(dirname(cache), `analysis-${id}`);
    const photos = await gatherPhotos(store, known, folder);
    const working = runTask({ kind: 'analyze', photos, taxonomy, model, cache, threads }, analysisSchema, {
      onNews: (news) => {
        if (news.kind !== 'step') return;
        const { step, done, total } = news;
        this.#progress = { step, done, total };
        this.background.announce();
      },
      signal: this.background.closing,
    });
    const analysis = await working.finally(() => rm(folder, { recursive: true, force: true }));
    await finishAnalysis(orm, id, findingsOf(analysis, known, labels));
  }
}

function nothingThere(): BusanaError {
  return new BusanaError('DATA_INVALID', 'there are no photos to analyse', { remedy: 'Import some first.' });
}
