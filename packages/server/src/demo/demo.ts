/** @file The demo catalogue: drawn photos through the real import, to be removed again as if they had never been. */
import { and, count, eq, inArray, notExists, sql } from 'drizzle-orm';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Orm } from '../database/open.ts';
import { importItems, imports } from '../database/schema/imports.ts';
import { photos, productPhotos } from '../database/schema/photos.ts';
import { products } from '../database/schema/products.ts';
import { createImport } from '../imports/create.ts';
import { entriesOf, openCollection } from '../imports/entries.ts';
import type { Jobs } from '../jobs/jobs.ts';
import { runTask } from '../jobs/run-task.ts';
import type { PhotoStore } from '../photos/store.ts';

/** Drawn photos: each combination of type and colour twenty times. */
const PHOTOS = 200;

export interface DemoOptions {
  readonly orm: Orm;
  readonly store: PhotoStore;
  readonly jobs: Jobs;
  /** Where they are drawn. */
  readonly folder: string;
  /** Default {@link PHOTOS}. */
  readonly photos?: number;
}

export class DemoCatalogue {
  readonly #options: DemoOptions;
  #loading: Promise<number> | undefined;

  constructor(options: DemoOptions) {
    this.#options = options;
  }

  /** Draws the photos and begins their import, unless there is one already. @returns its id */
  load(): Promise<number> {
    this.#loading ??= this.#load().finally(() => (this.#loading = undefined));
    return this.#loading;
  }

  /** Products that come from drawn photos. */
  async products(): Promise<number> {
    const [found] = await this.#options.orm.select({ products: count() }).from(products).where(inArray(products.id, this.#own())); // prettier-ignore
    return found?.products ?? 0;
  }

  async loaded(): Promise<boolean> {
    return (await this.#import()) !== undefined;
  }

  /** Removes their products, photos and import, and nothing else. */
  async remove(): Promise<void> {
    await this.#loading?.catch(() => undefined);
    const { orm, store, jobs, folder } = this.#options;
    const running = await this.#import();
    const hashes = await orm.transaction(async (transaction) => {
      if (running !== undefined) await jobs.queue.drop(transaction, { import: running });
      const { photoHash, productId } = productPhotos;
      const own = await transaction.selectDistinct({ hash: photoHash }).from(productPhotos).where(inArray(productId, this.#own())); // prettier-ignore
      await transaction.delete(products).where(inArray(products.id, this.#own()));
      await transaction.delete(imports).where(eq(imports.demo, true));
      const used = transaction
        .select({ one: sql`1` })
        .from(productPhotos)
        .where(eq(photoHash, photos.hash));
      const all = own.map(({ hash }) => hash);
      if (all.length === 0) return [];
      const gone = await transaction.delete(photos).where(and(inArray(photos.hash, all), notExists(used))).returning({ hash: photos.hash }); // prettier-ignore
      return gone.map(({ hash }) => hash);
    });
    jobs.wake();
    for (const hash of hashes) await store.remove(hash);
    await rm(folder, { recursive: true, force: true });
  }

  async #load(): Promise<number> {
    const { orm, jobs, folder, photos: wanted = PHOTOS } = this.#options;
    const before = await this.#import();
    if (before !== undefined) return before;
    await runTask({ kind: 'draw', folder, count: wanted, seed: 0 }, z.unknown());
    const { photos: drawn } = await openCollection(join(folder, 'train'));
    const entries = entriesOf({ photos: drawn, table: undefined }, []);
    const source = `${entries.length} drawn photos`;
    const id = await createImport(orm, jobs.queue, { source, archive: null, entries, demo: true });
    jobs.wake();
    return id;
  }

  async #import(): Promise<number | undefined> {
    const [found] = await this.#options.orm.select({ id: imports.id }).from(imports).where(eq(imports.demo, true));
    return found?.id;
  }

  /** Ids of products that drawn photos have made. */
  #own() {
    const { productId, importId, state } = importItems;
    return this.#options.orm
      .select({ id: productId })
      .from(importItems)
      .innerJoin(imports, eq(imports.id, importId))
      .where(and(eq(imports.demo, true), eq(state, 'added')));
  }
}
