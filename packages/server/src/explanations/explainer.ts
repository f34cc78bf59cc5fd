/** @file Explanations one at a time, by the model that answers: they take seconds, and predictions go on meanwhile. */
import type { ExplanationMethod } from '@busana/contracts';
import { openExplainer, type PhotoExplainer } from '@busana/vision';
import { Turns } from '../jobs/turns.ts';
import type { ModelFiles } from '../models/files.ts';
import type { Predictor } from '../predictions/predictor.ts';

type Explained = Awaited<ReturnType<PhotoExplainer['explain']>>;

export class ExplanationService {
  readonly #predictor: Predictor;
  readonly #files: ModelFiles;
  readonly #threads: number;
  /** The one that was used last: the next photo is likely to ask for it again. */
  #ready: { readonly key: string; readonly explainer: PhotoExplainer } | undefined;
  readonly #turns = new Turns();

  /** @param threads of the engine; 0: every core */
  constructor(predictor: Predictor, files: ModelFiles, threads = 0) {
    this.#predictor = predictor;
    this.#files = files;
    this.#threads = threads;
  }

  /** In its turn. @throws BusanaError as the explainer; INTERRUPTED */
  explain(bytes: Uint8Array, method: ExplanationMethod, attribute?: string, signal?: AbortSignal): Promise<Explained> {
    return this.#turns.take(async () => {
      const explainer = await this.#open(method);
      return explainer.explain(bytes, attribute, signal);
    });
  }

  async close(): Promise<void> {
    await this.#turns.ended();
    await this.#ready?.explainer.release();
    this.#ready = undefined;
  }

  async #open(method: ExplanationMethod): Promise<PhotoExplainer> {
    const { hash } = this.#predictor;
    const key = `${hash} ${method}`;
    if (this.#ready?.key === key) return this.#ready.explainer;
    await this.#ready?.explainer.release();
    this.#ready = undefined;
    const explainer = await openExplainer(await this.#files.local(hash), method, { threads: this.#threads });
    this.#ready = { key, explainer };
    return explainer;
  }
}
