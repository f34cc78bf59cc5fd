/** @file Photos that look alike, by what the model that answers now makes of them. */
import { likenessOf, type Structure } from '@busana/vision';
import type { Orm } from '../database/open.ts';
import { withProducts } from '../photos/record.ts';
import { appearancesAfter, structuresOf, type PhotoFeatures } from './features.ts';
import { Vectors } from './vectors.ts';

/** A photo, and the cosine of the angle between its appearance and the one asked about, -1..1. */
export interface LookAlike {
  readonly hash: string;
  readonly similarity: number;
}

/** Rows that are read at a time: 3 MB. */
const PAGE = 2000;
/** The same picture again is among so many of the most similar photos of products; */
const CANDIDATES = 8;
/** and these among so many, of which some may be gone. */
const NEAREST = 32;

/** What one model has made of the photos so far. */
interface Memory {
  readonly model: string;
  readonly hashes: string[];
  /** Where each hash is. */
  readonly positions: Map<string, number>;
  vectors: Vectors | undefined;
  /** The last row that was read. */
  last: number;
}

/**
 * Keeps the appearances of the whole catalogue in memory, and reads on before every answer, so that it also knows photos
 * that another process has added. Photos that were removed stay in it; whoever asks leaves out those without a product. One
 * that comes again takes the place that it had, so that a demo loaded every day does not grow it.
 */
export class LookAlikes {
  readonly #orm: Orm;
  readonly #model: () => string;
  #memory: Memory;

  /** @param model hash of the model that answers now */
  constructor(orm: Orm, model: () => string) {
    this.#orm = orm;
    this.#model = model;
    this.#memory = emptyMemory(model());
  }

  /** The most similar photos, the most similar first. @param appearance `[D]` of the model that answers now */
  async find(appearance: Int8Array, limit: number): Promise<LookAlike[]> {
    const { vectors, hashes } = await this.#read();
    if (vectors === undefined) return [];
    return vectors
      .nearest(appearance, limit)
      .map(({ position, similarity }) => ({ hash: hashes[position]!, similarity }));
  }

  /**
   * Which photos show the same picture, compressed or scaled anew or with another print: of those that are known, and of
   * these among themselves.
   * @param orm the transaction in which nobody else adds any
   */
  async samePictures(
    orm: Orm,
    model: string,
    photos: readonly { readonly product: number; readonly features: PhotoFeatures }[],
  ): Promise<{ product: number; hashes: string[] }[]> {
    // Another model answers from now on: its memory is no help.
    if (model !== this.#model()) return [];
    const { vectors, hashes } = await this.#read(orm);
    const nearest = photos.map(({ features }) => vectors?.nearest(features.appearance, NEAREST).map(({ position }) => hashes[position]!) ?? []); // prettier-ignore
    const there = await withProducts(orm, [...new Set(nearest.flat())]);
    const candidates = nearest.map((found) => found.filter((hash) => there.has(hash)).slice(0, CANDIDATES));
    const structures = await structuresOf(orm, model, [...new Set(candidates.flat())]);
    return photos.map(({ product, features: { hash, structure } }, at) => {
      const same = (other: Structure | undefined) =>
        other !== undefined && likenessOf(structure, other)?.kind === 'near';
      const known = candidates[at]!.filter((other) => other !== hash && same(structures.get(other)));
      const beside = photos.slice(0, at).filter(({ features }) => same(features.structure));
      return { product, hashes: [...known, ...beside.map(({ features }) => features.hash)] };
    });
  }

  /** Up to what there is now. Several at once add each row once. */
  async #read(orm = this.#orm): Promise<Memory> {
    const model = this.#model();
    if (this.#memory.model !== model) this.#memory = emptyMemory(model);
    const memory = this.#memory;
    for (;;) {
      const rows = await appearancesAfter(orm, model, memory.last, PAGE);
      for (const { id, hash, appearance } of rows) {
        if (id <= memory.last) continue;
        memory.vectors ??= new Vectors(appearance.length);
        const position = memory.positions.get(hash) ?? memory.hashes.length;
        memory.vectors.put(appearance, position);
        memory.hashes[position] = hash;
        memory.positions.set(hash, position);
        memory.last = id;
      }
      if (rows.length < PAGE) return memory;
    }
  }
}

function emptyMemory(model: string): Memory {
  return { model, hashes: [], positions: new Map(), vectors: undefined, last: 0 };
}
