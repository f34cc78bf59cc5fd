/** @file What a delivered model calls unknown: references from the photos it learnt from, a threshold from others. */
import type { Familiarity } from '@busana/contracts';
import { createSession, Random } from '@busana/engine';
import {
  asReferences,
  distanceTo,
  encodeReferences,
  NEIGHBOURS,
  quantile,
  type Embeddings,
  type References,
} from '../artifact/familiarity.ts';
import { artifactGraph, type ArtifactContent } from '../artifact/build.ts';
import { sessionAnswer } from '../artifact/golden.ts';
import { sessionOptions } from '../engine-options.ts';
import { whenPredicting } from '../models/classifier.ts';
import type { Pictures } from '../export/agreement.ts';

/** References at most: beyond it a photo's neighbours come no nearer, and the file grows by a kilobyte each. */
const REFERENCES = 1000;
/** Photos per fold that the threshold is set on, at most. */
const HELD_OUT = 500;
const BATCH = 16;
/** Of photos like those learnt from, one in a hundred is to be called unknown. */
const FAMILIAR = 0.99;
/**
 * Photos a network has not learnt from lie farther from its references than those lie from each other. Where nothing was
 * held back to measure by how much, this is assumed (measured in results/2026-11-25-doubtful-photos.md).
 */
export const ASSUMED_MARGIN = 1.5;

/** A network, the photos it learnt from and those it did not, as positions. */
export interface Learnt {
  readonly parameters: ArtifactContent['parameters'];
  readonly train: readonly number[];
  readonly validation: readonly number[];
}

export interface FamiliarityOptions extends Pick<ArtifactContent, 'plan' | 'config' | 'taxonomy'> {
  readonly pictures: Pictures;
  /** The network that is delivered. */
  readonly final: Pick<Learnt, 'parameters' | 'train'>;
  /** The network or networks that held photos back; perhaps the same. */
  readonly evidence: readonly Learnt[];
}

/** Undefined when there are too few photos to have neighbours. */
export async function fitFamiliarity(options: FamiliarityOptions): Promise<Familiarity | undefined> {
  const { final, evidence, config } = options;
  if (final.train.length <= 2 * NEIGHBOURS) return undefined;
  const draw = (photos: readonly number[], most: number, fold: number): number[] =>
    Random.of(config.seed, 'familiarity', fold).shuffle(photos).slice(0, most);
  const embedder = new Embedder(options);
  const drawn = draw(final.train, REFERENCES, 0);
  const references = asReferences(await embedder.embed(final.parameters, drawn));
  const ratios: number[] = [];
  for (const [fold, { parameters, train, validation }] of evidence.entries()) {
    if (validation.length === 0 || train.length <= 2 * NEIGHBOURS) continue;
    const own = parameters === final.parameters ? references : undefined;
    const known = own ?? asReferences(await embedder.embed(parameters, draw(train, REFERENCES, fold)));
    const held = await embedder.embed(parameters, draw(validation, HELD_OUT, fold));
    const unit = trainedDistance(known);
    for (const row of rowsOf(held)) ratios.push(distanceTo(known, row) / unit);
  }
  return ratios.length === 0
    ? describeFamiliarity(references, ASSUMED_MARGIN, { photos: drawn.length, kind: 'training' })
    : describeFamiliarity(references, quantile(ratios, FAMILIAR), { photos: ratios.length, kind: 'held-out' });
}

/** @param margin how far familiar photos may be, in units of {@link trainedDistance} */
export function describeFamiliarity(references: References, margin: number, setOn: Familiarity['set_on']): Familiarity {
  return {
    version: 1,
    method: 'nearest-neighbours',
    neighbours: NEIGHBOURS,
    width: references.width,
    references: encodeReferences(references),
    threshold: margin * trainedDistance(references),
    set_on: setOn,
  };
}

/** How far most references are from the others: the unit in which networks with other embeddings are compared. */
export function trainedDistance(references: References): number {
  const { width, values, inverseLengths } = references;
  const distances = Array.from(inverseLengths, (_, row) =>
    distanceTo(references, Float32Array.from(values.subarray(row * width, (row + 1) * width)), NEIGHBOURS, row),
  );
  return Math.max(1e-6, quantile(distances, FAMILIAR));
}

/** Embeddings by network. Of a frozen backbone each photo is asked about once, for all folds have the same. */
class Embedder {
  readonly #options: FamiliarityOptions;
  readonly #known = new Map<number, Float32Array>();

  constructor(options: FamiliarityOptions) {
    this.#options = options;
  }

  async embed(parameters: ArtifactContent['parameters'], photos: readonly number[]): Promise<Embeddings> {
    if (!this.#options.config.freeze) this.#known.clear();
    const missing = photos.filter((photo) => !this.#known.has(photo));
    if (missing.length > 0) await this.#ask(parameters, missing);
    const width = this.#known.get(photos[0]!)!.length;
    const values = new Float32Array(photos.length * width);
    photos.forEach((photo, row) => values.set(this.#known.get(photo)!, row * width));
    return { width, values };
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

function* rowsOf({ width, values }: Embeddings): Generator<Float32Array> {
  for (let row = 0; row < values.length; row += width) yield values.subarray(row, row + width);
}
