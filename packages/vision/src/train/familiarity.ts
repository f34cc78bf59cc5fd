/** @file What a delivered model calls unknown: means of the classes it learnt, a threshold from other photos. */
import type { Familiarity } from '@busana/contracts';
import { createSession, Random } from '@busana/engine';
import { classMeans, distanceTo, encodeMeans, quantile, type ClassMeans } from '../artifact/familiarity.ts';
import { artifactGraph, type ArtifactContent } from '../artifact/build.ts';
import { sessionAnswer } from '../artifact/golden.ts';
import { sessionOptions } from '../engine-options.ts';
import { whenPredicting } from '../models/classifier.ts';
import type { Targets } from '../data/dataset.ts';
import type { Pictures } from '../export/agreement.ts';

/** Photos per network at most: a mean of a class changes little with more. */
const PHOTOS = 2000;
/** Combinations of labels that have a mean of their own, the most frequent ones. */
const CLASSES = 64;
const BATCH = 16;
/** Of photos like those learnt from, one in a hundred is to be called unknown. */
const FAMILIAR = 0.99;
/**
 * Photos a network has not learnt from lie farther from its means than those it has. Where nothing was held back to measure
 * by how much, this is assumed.
 */
const ASSUMED_MARGIN = 1.25;

/** A network, the photos it learnt from and those it did not, as positions. */
export interface Learnt {
  readonly parameters: ArtifactContent['parameters'];
  readonly train: readonly number[];
  readonly validation: readonly number[];
}

export interface FamiliarityOptions extends Pick<ArtifactContent, 'plan' | 'config' | 'taxonomy'> {
  readonly pictures: Pictures;
  /** Labels of each photo. */
  readonly targets: readonly Targets[];
  /** The network that is delivered. */
  readonly final: Pick<Learnt, 'parameters' | 'train'>;
  /** The network or networks that held photos back; perhaps the same. */
  readonly evidence: readonly Learnt[];
}

/** Undefined when there are no photos. */
export async function fitFamiliarity(options: FamiliarityOptions): Promise<Familiarity | undefined> {
  const { final, evidence, config, targets } = options;
  if (final.train.length === 0) return undefined;
  const embedder = new Embedder(options);
  const draw = (photos: readonly number[], what: string): number[] =>
    Random.of(config.seed, 'familiarity', what).shuffle(photos).slice(0, PHOTOS);
  const learn = async (parameters: Learnt['parameters'], photos: readonly number[]): Promise<Learned> =>
    learnMeans(await embedder.embed(parameters, photos), photos.map((photo) => targets[photo]!.join())); // prettier-ignore
  const learned = await learn(final.parameters, draw(final.train, 'final'));
  const ratios: number[] = [];
  for (const [fold, { parameters, train, validation }] of evidence.entries()) {
    if (validation.length === 0) continue;
    const own = parameters === final.parameters ? learned : await learn(parameters, draw(train, `train ${fold}`));
    for (const embedding of await embedder.embed(parameters, draw(validation, `validation ${fold}`))) {
      ratios.push(distanceTo(own.means, embedding) / own.unit);
    }
  }
  return describeFamiliarity(learned, ratios);
}

/** Means of classes, and how far most photos that they are the means of lie from them. */
export interface Learned {
  readonly means: ClassMeans;
  /** The distance in which networks with other embeddings are compared. */
  readonly unit: number;
  readonly photos: number;
}

/** @param classes per photo, what it shows */
export function learnMeans(embeddings: readonly Float32Array[], classes: readonly string[]): Learned {
  const means = classMeans(embeddings, classes, CLASSES);
  const unit = quantile(
    embeddings.map((embedding) => distanceTo(means, embedding)),
    FAMILIAR,
  );
  return { means, unit: Math.max(1e-6, unit), photos: embeddings.length };
}

/** @param ratios distances of held-back photos, in units of the network that held them back; empty when none were */
export function describeFamiliarity({ means, unit, photos }: Learned, ratios: readonly number[]): Familiarity {
  const held = ratios.length > 0;
  return {
    version: 1,
    method: 'class-means',
    width: means.width,
    means: encodeMeans(means),
    threshold: unit * (held ? quantile(ratios, FAMILIAR) : ASSUMED_MARGIN),
    set_on: held ? { photos: ratios.length, kind: 'held-out' } : { photos, kind: 'training' },
  };
}

/** Embeddings by network. Of a frozen backbone each photo is asked about once, for all folds have the same. */
class Embedder {
  readonly #options: FamiliarityOptions;
  readonly #known = new Map<number, Float32Array>();

  constructor(options: FamiliarityOptions) {
    this.#options = options;
  }

  async embed(parameters: ArtifactContent['parameters'], photos: readonly number[]): Promise<Float32Array[]> {
    if (!this.#options.config.freeze) this.#known.clear();
    const missing = photos.filter((photo) => !this.#known.has(photo));
    if (missing.length > 0) await this.#ask(parameters, missing);
    return photos.map((photo) => this.#known.get(photo)!);
  }

  async #ask(parameters: ArtifactContent['parameters'], photos: readonly number[]): Promise<void> {
    const { plan, config, taxonomy, pictures } = this.#options;
    const asked = whenPredicting(config);
    const graph = artifactGraph({ plan, config: asked, taxonomy, parameters, temperatures: [] });
    const session = await createSession(graph, sessionOptions({ threads: config.threads }));
    try {
      const answer = sessionAnswer(session, asked.imageSize);
      for (let start = 0; start < photos.length; start += BATCH) {
        const batch = photos.slice(start, start + BATCH);
        const { embedding } = await answer(await pictures.read(batch), batch.length);
        const width = embedding!.length / batch.length;
        batch.forEach((photo, row) => this.#known.set(photo, embedding!.slice(row * width, (row + 1) * width)));
      }
    } finally {
      await session.release();
    }
  }
}
