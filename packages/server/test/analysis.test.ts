/** @file The analysis of a catalogue: what it counts, what it finds, and which products it names. */
import { catalogueAnalysisSchema, errorAnswerSchema, type CatalogueAnalysis } from '@busana/contracts';
import { drawWardrobe } from '@busana/vision';
import { createHash } from 'node:crypto';
import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { findProducts } from '../src/catalogue/find.ts';
import { productDetails } from '../src/catalogue/details.ts';
import { analyses } from '../src/database/schema/analyses.ts';
import { homes } from './support/homes.ts';
import { openedShop } from './support/opened.ts';

const PHOTOS = 30;

describe.each(homes)('the analysis of a catalogue, $name', ({ there, make }) => {
  describe.skipIf(!there)('of drawn photos', () => {
    const here = openedShop(make);
    let found: CatalogueAnalysis;

    const ask = async (method: 'GET' | 'POST') => here.shop.app.inject({ method, url: '/api/v1/analysis' });
    const state = async () => catalogueAnalysisSchema.parse((await ask('GET')).json());
    const end = async (): Promise<CatalogueAnalysis> => {
      for (;;) {
        const changed = here.shop.jobs.changes.changed(AbortSignal.timeout(60_000));
        const now = await state();
        if (now.state !== 'running') return now;
        await changed;
      }
    };

    it('has nothing to say of an empty catalogue', async () => {
      expect(await state()).toMatchObject({ state: 'none', analysis: null, products: {} });
      const refused = await ask('POST');
      expect([refused.statusCode, errorAnswerSchema.parse(refused.json()).error.code]).toEqual([422, 'DATA_INVALID']);
    });

    it('goes on in the background, and is begun once', async () => {
      const folder = join(here.shop.folder, 'wardrobe');
      await drawWardrobe(folder, { count: PHOTOS, test: 0, seed: 3, size: 96 });
      const train = join(folder, 'train');
      // The same picture again, smaller, and the same file.
      await writeFile(join(train, 'again.jpg'), await sharp(join(train, '1.jpg')).resize(72).jpeg().toBuffer());
      await copyFile(join(train, '2.jpg'), join(train, 'copy.jpg'));
      const begun = await here.shop.app.inject({ method: 'POST', url: '/api/v1/imports', payload: { folder: train } });
      await here.shop.app.inject(`/api/v1/imports/${begun.json<{ id: number }>().id}/events`);
      const [first, second] = await Promise.all([ask('POST'), ask('POST')]);
      expect([first.statusCode, second.statusCode]).toEqual([202, 202]);
      expect((await here.shop.database.orm.select().from(analyses)).map((row) => row.state)).toEqual(['running']);
      found = await end();
      expect([found.state, found.reason, found.progress]).toEqual(['done', '', null]);
    });

    it('counts what the products say', async () => {
      const products = await findProducts(here.shop.database.orm, {}, { limit: 100 });
      // The copy is no product of its own.
      expect(found.analysis).toMatchObject({ photos: PHOTOS + 1, fully_labelled: PHOTOS + 1 });
      expect(products).toHaveLength(PHOTOS + 1);
      for (const { name, values } of found.analysis!.attributes) {
        for (const { code, count } of values) {
          expect(count).toBe(products.filter(({ labels }) => labels[name] === code).length);
        }
      }
      const [pair] = found.analysis!.pairs;
      expect([pair!.rows, pair!.columns, pair!.counts.flat().reduce((sum, count) => sum + count)]).toEqual(['jenis', 'warna', PHOTOS + 1]); // prettier-ignore
      expect(found.labels).toEqual({ people: 0, model: 2 * (PHOTOS + 1) });
    });

    it('names the products of each finding', async () => {
      const near = found.analysis!.files!.duplicates.filter(({ kind }) => kind === 'near');
      expect(found.pairs_found.near).toBe(near.length);
      for (const [hash, product] of Object.entries(found.products)) {
        expect((await productDetails(here.shop.database.orm, product)).photos).toContain(hash);
      }
      const hashOf = async (name: string) => createHash('sha256').update(await readFile(join(here.shop.folder, 'wardrobe', 'train', name))).digest('hex'); // prettier-ignore
      const both = [await hashOf('1.jpg'), await hashOf('again.jpg')].sort();
      expect(near.map(({ first, second }) => [first.name, second.name].sort())).toContainEqual(both);
      expect(new Set(both.map((hash) => found.products[hash])).size).toBe(2);
      expect(found.analysis!.embeddings!.backbone.architecture).toBe('cnn');
    });

    it('keeps the last findings until there are new ones, and says why there are none', async () => {
      const before = found.finished_at;
      await rm(join(here.shop.folder, 'data', 'models', `${here.shop.predictor.hash}.onnx`));
      await ask('POST');
      const after = await end();
      expect(after).toMatchObject({ state: 'failed', finished_at: before });
      expect(after.reason).not.toBe('');
      expect(after.analysis).toEqual(found.analysis);
    });
  });
});
