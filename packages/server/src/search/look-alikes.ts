/** @file Photos that look alike, by what the model that answers now makes of them. */
import { likenessOf } from '@busana/vision';
import type { Orm } from '../database/open.ts';
import { Turns } from '../jobs/turns.ts';
import { appearancesAfter, structuresOf, type PhotoFeatures } from './features.ts';
import { Vectors } from './vectors.ts';

/** A photo, and the cosine of the angle between its appearance and the one asked about, -1..1. */
export interface LookAlike {
  readonly hash: string;
  readonly similarity: number;
}

/** Rows that are read at a time: 3 MB. */
const PAGE = 2000;
/** The same picture again is among so many of the most similar photos. */
const CANDIDATES = 8;

/** What one model has made of the photos so far. */
interface Memory {
  readonly model: string;
  readonly hashes: string[];
  vectors: Vectors | undefined;
  /** The last row that was read. */
  last: number;
}

/**
 * Keeps the appearances of the whole catalogue in memory, and reads on before every answer, so that it also knows photos
 * that another process has added. Photos that were removed stay in it; whoever asks leaves out those without a product.
 */
export class LookAlikes {
  readonly #orm: Orm;
  readonly #model: () => string;
  #memory: Memory;
  readonly #turns = new Turns();

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

  /** Photos that show the same picture as this one: compressed or scaled anew, or with another print. */
  async samePicture({ hash, appearance, structure }: PhotoFeatures): Promise<string[]> {
    const candidates = (await this.find(appearance, CANDIDATES)).filter((found) => found.hash !== hash);
    const structures = await structuresOf(this.#orm, this.#model(), candidates.map((found) => found.hash)); // prettier-ignore
    return candidates.flatMap((candidate) => {
      const other = structures.get(candidate.hash);
      return other !== undefined && likenessOf(structure, other)?.kind === 'near' ? [candidate.hash] : [];
    });
  }

  /** One after the other, each up to what there is when its turn comes. */
  #read(): Promise<Memory> {
    return this.#turns.take(() => this.#catchUp());
  }

  async #catchUp(): Promise<Memory> {
    const model = this.#model();
    const memory = this.#memory.model === model ? this.#memory : emptyMemory(model);
    for (;;) {
      const rows = await appearancesAfter(this.#orm, model, memory.last, PAGE);
      for (const { id, hash, appearance } of rows) {
        memory.vectors ??= new Vectors(appearance.length);
        memory.vectors.add(appearance);
        memory.hashes.push(hash);
        memory.last = id;
      }
      if (rows.length < PAGE) break;
    }
    this.#memory = memory;
    return memory;
  }
}

function emptyMemory(model: string): Memory {
  return { model, hashes: [], vectors: undefined, last: 0 };
}
