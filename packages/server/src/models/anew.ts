/**
 * @file The jobs of asking the model that answers now about photos that it was not asked about: those that another model
 * has answered, and those of an older catalogue. One job is a page of photos, so that imports need not wait for them all.
 */
import type { Photo, Answer } from '@busana/vision';
import type { Taxonomy } from '@busana/contracts';
import { setTimeout } from 'node:timers/promises';
import { activeModel } from '../catalogue/models.ts';
import { relabel } from '../catalogue/relabel.ts';
import type { Orm } from '../database/open.ts';
import type { JobQueue } from '../jobs/queue.ts';
import type { NewJob, WorkOf } from '../jobs/work.ts';
import type { Done, Doing } from '../jobs/worker.ts';
import { locatePhotos } from '../photos/locate.ts';
import type { PhotoStore } from '../photos/store.ts';
import type { Predictor } from '../predictions/predictor.ts';
import { unaskedPhotos } from './unasked.ts';
import { featuresOf, recordFeatures, type PhotoFeatures } from '../search/features.ts';

/** Photos of a job. */
const PAGE = 256;
/** Workers that can be at it side by side: photos by the first digit of their hash. */
const DIGITS = [...'0123456789abcdef'];
/** Behind what people wait for. */
const PRIORITY = -10;
/** Milliseconds between two looks whether this process has the model by now. */
const LOOK = 200;
/** Looks until others have their turn: the model may be damaged. */
const LOOKS = 25;

export interface AnewOptions {
  readonly orm: Orm;
  readonly store: PhotoStore;
  readonly predictor: Predictor;
  readonly queue: JobQueue;
  readonly taxonomy: Taxonomy;
}

type Part = WorkOf<'anew'>;

/** From now on this model is asked about all photos; another one no more. */
export async function askAnew(orm: Orm, queue: JobQueue, model: string): Promise<void> {
  await queue.drop(orm, { kind: 'anew' });
  await queue.add(orm, DIGITS.map((digit) => jobOf({ kind: 'anew', model, digit, after: digit }))); // prettier-ignore
}

export class AnewWork {
  readonly #options: AnewOptions;

  constructor(options: AnewOptions) {
    this.#options = options;
  }

  async wanted({ model }: Part): Promise<boolean> {
    return (await activeModel(this.#options.orm))?.hash === model;
  }

  /** Where there are photos that the active model was not asked about and no jobs for them, e.g. of an older version. */
  async resume(): Promise<void> {
    const { orm, queue } = this.#options;
    await orm.transaction(async (transaction) => {
      const model = (await activeModel(transaction))?.hash;
      if (model === undefined || (await queue.has(transaction, { kind: 'anew', model }))) return;
      if ((await unaskedPhotos(transaction, model, { after: '', limit: 1 })).length === 0) return;
      await askAnew(transaction, queue, model);
    });
  }

  /** What is written is written; a page that is done again finds nothing left. */
  async ask(part: Part, { signal }: Doing): Promise<Done> {
    const { orm, store, queue, predictor, taxonomy } = this.#options;
    const { model, digit, after } = part;
    for (let looks = 0; predictor.hash !== model; looks += 1) {
      if (signal.aborted || looks === LOOKS) return 'left';
      if (!(await this.wanted(part))) return {};
      await setTimeout(LOOK, undefined, { signal }).catch(() => undefined);
    }
    const page = await unaskedPhotos(orm, model, { after, digit, limit: PAGE });
    async function* photos(): AsyncGenerator<Photo> {
      const places = await locatePhotos(store, page.map(({ hash }) => hash)); // prettier-ignore
      for (const { hash, name } of page) {
        const path = places.get(hash);
        // One that is gone or damaged keeps what was said of it.
        if (typeof path === 'string') yield { id: hash, name, location: { kind: 'file', path } };
      }
    }
    for await (const batch of predictor.prepareBatches(photos())) {
      if (signal.aborted) return 'left';
      const answers = await predictor.answer(batch);
      // Another model answers from now on: what this one says is of no use.
      if (answers.some((answer) => predictor.modelOf(answer).hash !== model)) return {};
      const said = new Map<string, Answer>(batch.map(({ photo }, at) => [photo.id, answers[at]!]));
      await relabel(orm, said, { modelHash: model, taxonomy });
      const features = await Promise.all(batch.map((prepared, at) => featuresOf(prepared.photo.id, prepared, answers[at]!))); // prettier-ignore
      // Last: it tells that all of this is done.
      await recordFeatures(orm, model, features.filter((one): one is PhotoFeatures => one !== undefined)); // prettier-ignore
    }
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return {};
    return { also: (transaction) => queue.add(transaction, [jobOf({ ...part, after: last.hash })]) };
  }
}

function jobOf(work: Part): NewJob {
  return { queue: 'predict', work, priority: PRIORITY };
}
